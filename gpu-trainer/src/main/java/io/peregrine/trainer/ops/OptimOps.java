package io.peregrine.trainer.ops;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;

/** What an optimizer does to one tensor. */
public interface OptimOps {
    /**
     * One step of AdamW for one tensor.
     *
     * @param learningRate {@code >= 0}
     * @param beta1 decay of the first moment, in {@code [0, 1)}
     * @param beta2 decay of the second moment, in {@code [0, 1)}
     * @param epsilon added to the root of the second moment, {@code >= 0}
     * @param weightDecay decoupled: the value shrinks by {@code learningRate * weightDecay}
     * @param step number of this step, from 1
     * @param gradientScale factor on the gradient before anything else: the clipping coefficient
     */
    record AdamW(
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step,
            double gradientScale) {
        public AdamW {
            if (!(beta1 >= 0 && beta1 < 1)) {
                throw new ConfigException("beta1", beta1, "must be in [0, 1)");
            }
            if (!(beta2 >= 0 && beta2 < 1)) {
                throw new ConfigException("beta2", beta2, "must be in [0, 1)");
            }
            if (step < 1) {
                throw new IllegalArgumentException("step = %d: counts from 1".formatted(step));
            }
        }

        /** {@code 1 - beta1^step}. */
        public double correction1() {
            return 1 - StrictMath.pow(beta1, step);
        }

        /** {@code 1 - beta2^step}. */
        public double correction2() {
            return 1 - StrictMath.pow(beta2, step);
        }
    }

    /**
     * One tensor's part of an optimizer's step, see {@link #adamw(Tensor, Tensor, Tensor, Tensor, AdamW)}.
     */
    record Update(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings) {}

    /** The step of a whole optimizer. */
    default void adamw(List<Update> updates) {
        for (Update update : updates) {
            adamw(update.value(), update.gradient(), update.firstMoment(), update.secondMoment(), update.settings());
        }
    }

    /**
     * Updates a tensor and its moments, all of one shape:
     *
     * <pre>
     * value -= learningRate * weightDecay * value
     * m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2                 g = gradientScale * gradient
     * value -= learningRate / (1 - beta1^step) * m / (sqrt(v / (1 - beta2^step)) + epsilon)
     * </pre>
     *
     * @param value updated
     * @param gradient not modified
     * @param firstMoment updated
     * @param secondMoment updated
     * @see <a href="https://arxiv.org/abs/1711.05101">Decoupled weight decay regularization</a>
     */
    void adamw(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings);

    /** Sum of the squares of all numbers, in double, in an order that depends on the shape alone. */
    double sumOfSquares(Tensor x);

    /** Overwrites all numbers of all tensors with 0. */
    default void zero(List<Tensor> tensors) {
        tensors.forEach(tensor -> tensor.fill(0));
    }

    /** Sum of the squares of all numbers of all tensors. */
    default double sumOfSquares(List<Tensor> tensors) {
        double sum = 0;
        for (Tensor tensor : tensors) {
            sum += sumOfSquares(tensor);
        }
        return sum;
    }
}
