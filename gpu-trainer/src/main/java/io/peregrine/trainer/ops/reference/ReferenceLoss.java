package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.tensor.Tensor;

/** Row by row. */
final class ReferenceLoss implements LossOps {
    @Override
    public double loss(Tensor logits, int[] targets, int firstRow) {
        double sum = 0;
        for (int row = 0; row < logits.rows(); row++) {
            int target = targets[firstRow + row];
            if (target != NO_TARGET) {
                sum += logSumExp(logits, row) - logits.get(row, target);
            }
        }
        return sum;
    }

    @Override
    public double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale, double zLoss) {
        double sum = 0;
        for (int row = 0; row < logits.rows(); row++) {
            int target = targets[firstRow + row];
            double lse = target == NO_TARGET ? 0 : logSumExp(logits, row);
            sum += target == NO_TARGET ? 0 : lse - logits.get(row, target);
            for (int column = 0; column < logits.columns(); column++) {
                double probability =
                        target == NO_TARGET ? 0 : Math.exp(logits.get(row, column) - lse) * (1 + 2 * zLoss * lse);
                logits.set(row, column, gradScale * (probability - (column == target ? 1 : 0)));
            }
        }
        return sum;
    }

    private static double logSumExp(Tensor logits, int row) {
        double max = Double.NEGATIVE_INFINITY;
        for (int column = 0; column < logits.columns(); column++) {
            max = Math.max(max, logits.get(row, column));
        }
        double sum = 0;
        for (int column = 0; column < logits.columns(); column++) {
            sum += Math.exp(logits.get(row, column) - max);
        }
        return max + Math.log(sum);
    }
}
