package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossOpsTest {
    private static final int ROWS = 5;
    private static final int VOCAB = 37;
    private static final int[] TARGETS = {3, LossOps.NO_TARGET, 0, 36, 11};

    private static Tensor logits(DType dtype) {
        Tensor logits = Tensor.zeros(dtype, Shape.of(ROWS, VOCAB));
        SeedStream draws = SeedStream.of(5);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < VOCAB; column++) {
                logits.set(row, column, 3 * draws.nextGaussian());
            }
        }
        return logits;
    }

    /** What is minimised, straight from its definition. */
    private static double objective(Tensor logits, double zLoss) {
        double sum = 0;
        for (int row = 0; row < ROWS; row++) {
            if (TARGETS[row] != LossOps.NO_TARGET) {
                double z = 0;
                for (int column = 0; column < VOCAB; column++) {
                    z += Math.exp(logits.get(row, column));
                }
                sum += Math.log(z) - logits.get(row, TARGETS[row]) + zLoss * Math.log(z) * Math.log(z);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-4, 0.3})
    void theGradientIsThatOfTheLossAndTheSquaredLogarithmOfZ(double zLoss) {
        try (Ops reference = new ReferenceOps(DType.F64)) {
            Tensor gradient = logits(DType.F64);
            double loss = reference.loss().lossAndGradient(gradient, TARGETS, 0, 2, zLoss);
            assertThat(loss).isCloseTo(objective(logits(DType.F64), 0), within(1e-12));
            double step = 1e-5;
            for (int row = 0; row < ROWS; row++) {
                for (int column = 0; column < VOCAB; column += 4) {
                    Tensor moved = logits(DType.F64);
                    double before = moved.get(row, column);
                    moved.set(row, column, before + step);
                    double above = objective(moved, zLoss);
                    moved.set(row, column, before - step);
                    double below = objective(moved, zLoss);
                    assertThat(gradient.get(row, column)).isCloseTo((above - below) / step, within(1e-7));
                }
            }
        }
    }

    @Test
    void theCpuAgreesAndZeroChangesNothing() {
        try (Ops reference = new ReferenceOps(DType.F64);
                Ops cpu = new CpuOps(2)) {
            Tensor expected = logits(DType.F64);
            Tensor actual = logits(DType.F32);
            double loss = reference.loss().lossAndGradient(expected, TARGETS, 0, 0.5, 0.1);
            assertThat(cpu.loss().lossAndGradient(actual, TARGETS, 0, 0.5, 0.1)).isCloseTo(loss, within(1e-5));
            assertThat(WholeModel.relativeError(actual.toFloats(), expected.toFloats()))
                    .isLessThan(1e-6);

            Tensor without = logits(DType.F32);
            Tensor zero = logits(DType.F32);
            cpu.loss().lossAndGradient(without, TARGETS, 0, 0.5);
            cpu.loss().lossAndGradient(zero, TARGETS, 0, 0.5, 0);
            assertThat(zero.toFloats()).isEqualTo(without.toFloats());
        }
    }
}
