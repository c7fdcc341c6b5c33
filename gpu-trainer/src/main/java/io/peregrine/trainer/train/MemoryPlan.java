package io.peregrine.trainer.train;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import java.util.Locale;

/**
 * Bytes of all tensors of a training run, known before the first is there: the run's own code is done once with operations
 * that compute nothing ({@link PlanningOps}).
 *
 * @param parameters values, with their rounded copies, and gradients
 * @param moments of the optimizer
 * @param activations of a micro-batch, and what its gradients need
 */
public record MemoryPlan(long parameters, long moments, long activations) {
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
        return new MemoryPlan(ofParameters, ofMoments, planning.bytes() - ofParameters - ofMoments);
    }

    /** Everything. */
    public long total() {
        return parameters + moments + activations;
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f GiB: parameters and gradients %.2f, moments %.2f, activations %.2f",
                total() / GIBIBYTE,
                parameters / GIBIBYTE,
                moments / GIBIBYTE,
                activations / GIBIBYTE);
    }
}
