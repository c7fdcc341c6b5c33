package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.GradientClip;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.tensor.DType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand steps on a device beside the same thousand on the CPU. */
@Tag("gpu")
class CudaTrainingTest {
    private static final int STEPS = 1000;
    private static final int WINDOW = 100;
    private static final int VOCAB = 64;

    /** Shapes of the generic kernels; and heads and states, over more than a chunk, which the fast ones take in bf16. */
    private enum Run {
        GENERIC(HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, 16, 4, 32, 1, 32, 16, false), 4, 48),
        FAST(HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, 64, 2, 64, 1, 128, 64, false), 2, 136);

        private final FalconH1Config config;
        private final int batch;
        private final int seqLen;

        Run(FalconH1Config config, int batch, int seqLen) {
            this.config = config;
            this.batch = batch;
            this.seqLen = seqLen;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLossFollowsTheCpus(Run run) {
        double[] cpu = train(run, Backend.CPU, DType.F32);
        double[] exact = train(run, Backend.CUDA, DType.F32);
        double[] rounded = train(run, Backend.CUDA, DType.BF16);
        for (int step = 0; step < 20; step++) {
            assertThat(exact[step]).as("step %d", step).isCloseTo(cpu[step], within(1e-3));
        }
        // later the paths part, as any two roundings do; what they reach stays together
        for (int from = 0; from < STEPS; from += WINDOW) {
            assertThat(mean(exact, from)).as("float, from step %d", from).isCloseTo(mean(cpu, from), offset());
            assertThat(mean(rounded, from)).as("bf16, from step %d", from).isCloseTo(mean(cpu, from), offset());
        }
        assertThat(mean(cpu, STEPS - WINDOW)).isLessThan(0.7 * cpu[0]);
        System.out.printf(
                "%s, mean loss of the last %d of %d steps: cpu %.4f, cuda f32 %.4f, cuda bf16 %.4f (first step %.4f)%n",
                run,
                WINDOW,
                STEPS,
                mean(cpu, STEPS - WINDOW),
                mean(exact, STEPS - WINDOW),
                mean(rounded, STEPS - WINDOW),
                cpu[0]);
    }

    private static Offset<Double> offset() {
        return within(0.03);
    }

    private static double[] train(Run run, Backend backend, DType dtype) {
        double[] losses = new double[STEPS];
        try (Ops ops = backend.open(dtype, 4)) {
            Parameters parameters = Parameters.zeros(run.config, ops);
            Initialization.initialize(parameters, SeedStream.of(3));
            FalconH1Model model = new FalconH1Model(run.config, parameters, ops);
            AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
            for (int step = 0; step < STEPS; step++) {
                TokenBatch batch = batch(run, step);
                parameters.zeroGradients();
                losses[step] =
                        model.lossAndGradients(batch, 1.0 / batch.predictions()).mean();
                double norm = GradientClip.globalNorm(parameters, ops.optim());
                optimizer.step(2e-3, 0.1, GradientClip.coefficient(norm, 1));
            }
        }
        return losses;
    }

    /** Noisy arithmetic progressions, cut into documents of some 20 tokens: there is something to learn, and a floor. */
    private static TokenBatch batch(Run run, int step) {
        SeedStream draws = SeedStream.of(5).child("step " + step);
        int[] ids = new int[run.batch * run.seqLen];
        int[] segments = new int[ids.length];
        for (int row = 0; row < run.batch; row++) {
            int id = draws.nextInt(VOCAB);
            int stride = 1 + draws.nextInt(3);
            int document = 0;
            for (int t = 0; t < run.seqLen; t++) {
                if (draws.nextInt(20) == 0) {
                    document++;
                    id = draws.nextInt(VOCAB);
                    stride = 1 + draws.nextInt(3);
                }
                id = draws.nextInt(10) == 0 ? draws.nextInt(VOCAB) : (id + stride) % VOCAB;
                ids[row * run.seqLen + t] = id;
                segments[row * run.seqLen + t] = document;
            }
        }
        return new TokenBatch(run.batch, run.seqLen, ids, segments);
    }

    private static double mean(double[] losses, int from) {
        double sum = 0;
        for (int step = from; step < from + WINDOW; step++) {
            sum += losses[step];
        }
        return sum / WINDOW;
    }
}
