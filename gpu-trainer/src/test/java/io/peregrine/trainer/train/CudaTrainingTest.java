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
import org.junit.jupiter.api.Test;

/** A thousand steps on a device beside the same thousand on the CPU. */
@Tag("gpu")
class CudaTrainingTest {
    private static final int STEPS = 1000;
    private static final int WINDOW = 100;
    private static final int VOCAB = 64;
    private static final int SEQ_LEN = 48;
    private static final int BATCH = 4;

    @Test
    void theLossFollowsTheCpus() {
        double[] cpu = train(Backend.CPU, DType.F32);
        double[] exact = train(Backend.CUDA, DType.F32);
        double[] rounded = train(Backend.CUDA, DType.BF16);
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
                "mean loss of the last %d of %d steps: cpu %.4f, cuda f32 %.4f, cuda bf16 %.4f (first step %.4f)%n",
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

    private static double[] train(Backend backend, DType dtype) {
        FalconH1Config config = HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, 16, 4, 32, 1, 32, 16, false);
        double[] losses = new double[STEPS];
        try (Ops ops = backend.open(dtype, 4)) {
            Parameters parameters = Parameters.zeros(config, ops);
            Initialization.initialize(parameters, SeedStream.of(3));
            FalconH1Model model = new FalconH1Model(config, parameters, ops);
            AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
            for (int step = 0; step < STEPS; step++) {
                TokenBatch batch = batch(step);
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
    private static TokenBatch batch(int step) {
        SeedStream draws = SeedStream.of(5).child("step " + step);
        int[] ids = new int[BATCH * SEQ_LEN];
        int[] segments = new int[ids.length];
        for (int row = 0; row < BATCH; row++) {
            int id = draws.nextInt(VOCAB);
            int stride = 1 + draws.nextInt(3);
            int document = 0;
            for (int t = 0; t < SEQ_LEN; t++) {
                if (draws.nextInt(20) == 0) {
                    document++;
                    id = draws.nextInt(VOCAB);
                    stride = 1 + draws.nextInt(3);
                }
                id = draws.nextInt(10) == 0 ? draws.nextInt(VOCAB) : (id + stride) % VOCAB;
                ids[row * SEQ_LEN + t] = id;
                segments[row * SEQ_LEN + t] = document;
            }
        }
        return new TokenBatch(BATCH, SEQ_LEN, ids, segments);
    }

    private static double mean(double[] losses, int from) {
        double sum = 0;
        for (int step = from; step < from + WINDOW; step++) {
            sum += losses[step];
        }
        return sum / WINDOW;
    }
}
