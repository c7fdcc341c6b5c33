package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/** Row by row; each row's loss has a place of its own and the places are summed in order. */
final class CpuLoss implements LossOps {
    private final Workers workers;
    private double[] losses = new double[0];

    CpuLoss(Workers workers) {
        this.workers = workers;
    }

    @Override
    public double loss(Tensor logits, int[] targets, int firstRow) {
        int vocab = logits.columns();
        reserve(logits.rows());
        Rows.each(workers, logits.rows(), (row, scratch) -> {
            int target = targets[firstRow + row];
            losses[row] = 0;
            if (target != NO_TARGET) {
                float[] x = scratch.array(0, vocab);
                logits.read(row, 0, x, 0, vocab);
                float targetLogit = x[target];
                float max = FloatMath.max(x, 0, vocab);
                losses[row] = max + StrictMath.log(exponentials(x, max, vocab, scratch)) - targetLogit;
            }
        });
        return total(logits.rows());
    }

    @Override
    public double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale, double zLoss) {
        int vocab = logits.columns();
        reserve(logits.rows());
        Rows.each(workers, logits.rows(), (row, scratch) -> {
            int target = targets[firstRow + row];
            float[] x = scratch.array(0, vocab);
            losses[row] = 0;
            if (target == NO_TARGET) {
                Arrays.fill(x, 0, vocab, 0);
            } else {
                logits.read(row, 0, x, 0, vocab);
                float targetLogit = x[target];
                float max = FloatMath.max(x, 0, vocab);
                double sum = exponentials(x, max, vocab, scratch);
                double logSumExp = max + StrictMath.log(sum);
                losses[row] = logSumExp - targetLogit;
                float factor = (float) (gradScale / sum * (1 + 2 * zLoss * logSumExp));
                for (int i = 0; i < vocab; i++) {
                    x[i] *= factor;
                }
                x[target] -= (float) gradScale;
            }
            logits.write(row, 0, x, 0, vocab);
        });
        return total(logits.rows());
    }

    /** {@code x = exp(x - max)}, and its sum. */
    private static double exponentials(float[] x, float max, int count, Scratch scratch) {
        for (int i = 0; i < count; i++) {
            x[i] -= max;
        }
        FloatMath.exp(x, x, count, scratch.array(1, count));
        return FloatMath.sum(x, 0, count);
    }

    private void reserve(int rows) {
        if (losses.length < rows) {
            losses = new double[rows];
        }
    }

    private double total(int rows) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += losses[row];
        }
        return sum;
    }
}
