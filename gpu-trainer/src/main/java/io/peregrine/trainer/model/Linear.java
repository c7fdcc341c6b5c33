package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * A projection: {@code y = scale x W^T + b}, or {@code y += scale (x W^T + b)} where a multiplier follows it.
 *
 * @param ops who computes
 * @param weight {@code (out, in)}
 * @param bias {@code (out)}
 */
record Linear(MatmulOps ops, Parameter weight, Optional<Parameter> bias) {

    static Linear of(Parameters parameters, MatmulOps ops, String name) {
        String bias = name + ".bias";
        return new Linear(
                ops,
                parameters.get(name + ".weight"),
                parameters.contains(bias) ? Optional.of(parameters.get(bias)) : Optional.empty());
    }

    /** {@code y = inputScale x W^T + b}. */
    void forward(Tensor x, double inputScale, Tensor y) {
        ops.forward(x, weight.value(), inputScale, y);
        bias.ifPresent(b -> ops.addBias(b.value(), 1, y));
    }

    /** {@code y += outputScale (x W^T + b)}. */
    void forwardAdd(Tensor x, double outputScale, Tensor y) {
        ops.forwardAdd(x, weight.value(), outputScale, y);
        bias.ifPresent(b -> ops.addBias(b.value(), outputScale, y));
    }

    /** {@code dx = scale dy W}. */
    void backwardInput(Tensor dy, double scale, Tensor dx) {
        ops.backwardInput(dy, weight.value(), scale, dx);
    }

    /** {@code dx += scale dy W}. */
    void backwardInputAdd(Tensor dy, double scale, Tensor dx) {
        ops.backwardInputAdd(dy, weight.value(), scale, dx);
    }

    /** Adds to the gradients of weight and bias, whose multipliers differ when the scale is the input's. */
    void backwardWeight(Tensor dy, Tensor x, double weightScale, double biasScale) {
        ops.backwardWeight(dy, x, weightScale, weight.gradient());
        bias.ifPresent(b -> ops.backwardBias(dy, biasScale, b.gradient()));
    }
}
