package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.cuda.CudaProfile;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.GradientClip;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.train.Initialization;
import io.peregrine.trainer.train.MemoryPlan;
import io.peregrine.trainer.train.ModelFlops;
import io.peregrine.trainer.train.Snapshot;
import io.peregrine.trainer.train.TrainedTensors;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;

/** Whole training steps: gradients, clipping, AdamW, on random tokens. */
final class GpuTrainingBenchmark {
    private static final double GIBIBYTE = 1 << 30;
    private static final long SEED = 1;
    private static final int WARM_UP = 3;
    private static final int PAUSES = 5;

    private final FalconH1Config config;
    private final CudaOps ops;
    private final FalconH1Model model;
    private final AdamW optimizer;
    private final TokenBatch tokens;
    private final MemoryPlan planned;
    private double lastLoss;

    GpuTrainingBenchmark(FalconH1Config config, CudaOps ops, int batch, int seqLen, Recompute recompute) {
        this.config = config;
        this.ops = ops;
        Parameters parameters = Parameters.zeros(config, ops);
        Initialization.initialize(parameters, SeedStream.of(SEED));
        this.model = new FalconH1Model(config, parameters, ops, DocumentBoundaries.ALL, recompute);
        this.planned = MemoryPlan.of(config, ops, batch, seqLen, recompute);
        this.optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
        SeedStream draws = SeedStream.of(SEED).child("tokens");
        int[] ids = new int[batch * seqLen];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = draws.nextInt(config.vocabSize());
        }
        this.tokens = TokenBatch.ofWholeRows(batch, seqLen, ids);
    }

    /** Times of a step. */
    Timing measure(int rounds) {
        return Timing.measure(WARM_UP, rounds, () -> {
            step();
            ops.device().synchronize();
        });
    }

    double tokensPerSecond(Timing step) {
        return step.perSecond(tokens.tokens());
    }

    void run(int rounds, boolean profiled, PrintWriter out) {
        Timing step = measure(rounds);
        double tokensPerSecond = tokensPerSecond(step);
        double flops = tokensPerSecond * ModelFlops.perTrainedToken(config, tokens.seqLen());
        out.printf(
                "training step     %8.1f ms (fastest %.1f, slowest %.1f), %.0f tokens/s, %.1f TFLOP/s%s%n",
                1e3 * step.median(),
                1e3 * step.fastest(),
                1e3 * step.slowest(),
                tokensPerSecond,
                flops / 1e12,
                share(flops));
        out.printf(
                "memory            %8.1f GiB in tensors at most; %d x %d tokens, %.1f M parameters, last loss %.4f%n",
                ops.device().mostBytes() / GIBIBYTE,
                tokens.batch(),
                tokens.seqLen(),
                model.parameters().count() / 1e6,
                lastLoss);
        out.printf("planned           %s%n", planned);
        TrainedTensors trained = TrainedTensors.of(model.parameters(), optimizer);
        Snapshot snapshot = Snapshot.of(trained, ops);
        Timing pause = Timing.measure(1, PAUSES, () -> snapshot.take(trained));
        out.printf(
                "checkpoint pause  %8.1f ms (fastest %.1f, slowest %.1f), %.1f GiB at %.1f GB/s%n",
                1e3 * pause.median(),
                1e3 * pause.fastest(),
                1e3 * pause.slowest(),
                trained.bytes() / GIBIBYTE,
                trained.bytes() / 1e9 / pause.median());
        if (profiled) {
            CudaProfile profile = ops.device().startProfile();
            step();
            ops.device().stopProfile();
            profile.print(out);
        }
    }

    /** The share of the datasheet's, where it is known. */
    private String share(double flops) {
        OptionalDouble peak = ops.hardware().peakFlops();
        return peak.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, ", %.3f of %.0f TFLOP/s", flops / peak.getAsDouble(), peak.getAsDouble() / 1e12);
    }

    private void step() {
        model.parameters().zeroGradients();
        lastLoss = model.lossAndGradients(tokens, 1.0 / tokens.predictions()).mean();
        double norm = GradientClip.globalNorm(model.parameters(), ops.optim());
        optimizer.step(1e-4, 0.1, GradientClip.coefficient(norm, 1));
    }
}
