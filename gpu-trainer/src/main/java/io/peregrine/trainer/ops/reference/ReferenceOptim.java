package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;

/** Number by number. */
final class ReferenceOptim implements OptimOps {
    @Override
    public void adamw(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings) {
        double correction1 = settings.correction1();
        double correction2 = settings.correction2();
        for (int row = 0; row < value.rows(); row++) {
            for (int column = 0; column < value.columns(); column++) {
                double g = settings.gradientScale() * gradient.get(row, column);
                double m = settings.beta1() * firstMoment.get(row, column) + (1 - settings.beta1()) * g;
                double v = settings.beta2() * secondMoment.get(row, column) + (1 - settings.beta2()) * g * g;
                double decayed = value.get(row, column) * (1 - settings.learningRate() * settings.weightDecay());
                double step = (m / correction1) / (Math.sqrt(v / correction2) + settings.epsilon());
                firstMoment.set(row, column, m);
                secondMoment.set(row, column, v);
                value.set(row, column, decayed - settings.learningRate() * step);
            }
        }
    }

    @Override
    public double sumOfSquares(Tensor x) {
        double sum = 0;
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                sum += x.get(row, column) * x.get(row, column);
            }
        }
        return sum;
    }
}
