package io.peregrine.trainer.train;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.ops.StepShape;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Bytes that a training run takes, known before the first is taken: for its tensors the run's own code is done once with
 * operations that compute nothing ({@link PlanningOps}).
 *
 * @param parameters values, with their rounded copies, and gradients
 * @param moments of the optimizer
 * @param activations of a micro-batch, and what its gradients need
 * @param own what the operations take for themselves, at most
 */
public record MemoryPlan(long parameters, long moments, long activations, long own) {
    /** Key of the setting that is at fault where a plan does not fit. */
    public static final String KEY = "train.micro-batch-sequences";

    private static final double GIBIBYTE = 1L << 30;

    /** The plan for micro-batches of {@code sequences} sequences of {@code seqLen} tokens. */
    public static MemoryPlan of(FalconH1Config config, Ops ops, int sequences, int seqLen, Recompute recompute) {
        PlanningOps planning = new PlanningOps(ops);
        Parameters parameters = Parameters.zeros(config, planning);
        long ofParameters = planning.bytes();
        new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, planning);
        long ofMoments = planning.bytes() - ofParameters;
        FalconH1Model model = new FalconH1Model(config, parameters, planning, DocumentBoundaries.ALL, recompute);
        TokenBatch batch = TokenBatch.ofWholeRows(sequences, seqLen, new int[Math.multiplyExact(sequences, seqLen)]);
        model.lossAndGradients(batch, 1);
        long ofActivations = planning.bytes() - ofParameters - ofMoments;
        return new MemoryPlan(
                ofParameters, ofMoments, ofActivations, ops.ownBytes(step(config, parameters, sequences, seqLen)));
    }

    private static StepShape step(FalconH1Config config, Parameters parameters, int sequences, int seqLen) {
        FalconH1Config.Mamba mamba = config.mamba();
        FalconH1Config.Attention attention = config.attention();
        boolean biased = mamba.projBias() || mamba.outBias() || attention.bias() || config.mlpBias();
        int widest = IntStream.of(
                        mamba.projectionRows(),
                        attention.queryWidth() + 2 * attention.keyValueWidth(),
                        2 * config.intermediateSize(),
                        config.hiddenSize())
                .max()
                .getAsInt();
        return new StepShape(
                sequences,
                seqLen,
                new ScanOps.Dims(mamba.nHeads(), mamba.dHead(), mamba.nGroups(), mamba.dState(), mamba.chunkSize()),
                new AttentionOps.Dims(attention.numHeads(), attention.numKeyValueHeads(), attention.headDim()),
                mamba.convChannels(),
                mamba.dConv(),
                Math.max(config.hiddenSize(), mamba.dSsm()),
                biased ? widest : 0,
                parameters.all().size(),
                parameters.count());
    }

    /** Everything. */
    public long total() {
        return parameters + moments + activations + own;
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f GiB: parameters and gradients %.2f, moments %.2f, activations %.2f, operations %.2f",
                total() / GIBIBYTE,
                parameters / GIBIBYTE,
                moments / GIBIBYTE,
                activations / GIBIBYTE,
                own / GIBIBYTE);
    }
}
