package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimOpsTest {
    static List<Backend> backends() {
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.fault().isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void theFirstStepIsTheLearningRateAgainstTheSignAndTheDecay(Backend backend) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            Tensor value = ops.allocateExact(Shape.of(2));
            Tensor gradient = ops.allocateExact(Shape.of(2));
            value.fill(2);
            gradient.set(0, 0, 5);
            gradient.set(0, 1, -1e-3);
            OptimOps.AdamW settings = new OptimOps.AdamW(0.01, 0.9, 0.95, 0, 0.1, 1, 1);
            ops.optim()
                    .adamw(value, gradient, ops.allocateExact(Shape.of(2)), ops.allocateExact(Shape.of(2)), settings);
            assertThat(value.get(0, 0)).isCloseTo(2 * (1 - 0.01 * 0.1) - 0.01, within(1e-6));
            assertThat(value.get(0, 1)).isCloseTo(2 * (1 - 0.01 * 0.1) + 0.01, within(1e-6));
        }
    }

    /** Noise and decay balance where the mean square is rate / (2 decay): arXiv:2601.04890 calls it equilibrium. */
    @Test
    void onNoiseTheNormSettlesAtTheRootOfRateOverTwiceTheDecay() {
        double rate = 1e-2;
        double decay = 0.1;
        int size = 4096;
        try (Ops ops = new CpuOps(1)) {
            Tensor value = ops.allocate(Shape.of(size));
            Tensor gradient = ops.allocate(Shape.of(size));
            Tensor first = ops.allocate(Shape.of(size));
            Tensor second = ops.allocate(Shape.of(size));
            SeedStream draws = SeedStream.of(7);
            float[] noise = new float[size];
            for (int step = 1; step <= 2500; step++) {
                for (int i = 0; i < size; i++) {
                    // Uniform of variance 1: only the variance matters, and it is cheap.
                    noise[i] = (float) ((2 * draws.nextDouble() - 1) * Math.sqrt(3));
                }
                gradient.write(0, 0, noise, 0, size);
                OptimOps.AdamW settings = new OptimOps.AdamW(rate, 0.9, 0.999, 1e-8, decay, step, 1);
                ops.optim().adamw(value, gradient, first, second, settings);
            }
            double meanSquare = ops.optim().sumOfSquares(value) / size;
            assertThat(meanSquare).isCloseTo(rate / (2 * decay), within(0.1 * rate / (2 * decay)));
        }
    }
}
