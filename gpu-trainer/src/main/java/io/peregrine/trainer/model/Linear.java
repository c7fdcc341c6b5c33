package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
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

    /** Maps of one input, as one map onto their outputs side by side: one product instead of several. */
    static Linear joined(Parameters parameters, MatmulOps ops, List<String> names) {
        List<String> biases = names.stream().map(name -> name + ".bias").toList();
        return new Linear(
                ops,
                parameters.joined(names.stream().map(name -> name + ".weight").toList()),
                parameters.contains(biases.get(0)) ? Optional.of(parameters.joined(biases)) : Optional.empty());
    }

    boolean hasBias() {
        return bias.isPresent();
    }

    /** This map of a token's input, without its bias, for {@link DecodeOps#normed}. */
    DecodeOps.Product product(double inputScale, Tensor y) {
        return new DecodeOps.Product(weight.value(), inputScale, y);
    }

    /** This map's part of a token's sum, without its bias, for {@link DecodeOps#add}. */
    DecodeOps.Term term(Tensor x, double outputScale) {
        return new DecodeOps.Term(x, weight.value(), outputScale);
    }

    /** {@code y += outputScale b}, where there is a bias. */
    void addBias(double outputScale, Tensor y) {
        bias.ifPresent(b -> ops.addBias(b.value(), outputScale, y));
    }

    /** {@code y = inputScale x W^T + b}. */
    void forward(Tensor x, double inputScale, Tensor y) {
        ops.forward(x, weight.value(), inputScale, y);
        addBias(1, y);
    }

    /** {@code y = base + outputScale (x W^T + b)}; {@code base} may be {@code y}. */
    void forwardAdd(Tensor x, double outputScale, Tensor base, Tensor y) {
        ops.forwardAdd(x, weight.value(), outputScale, base, y);
        addBias(outputScale, y);
    }

    /** {@code y = outputScale (x W^T + b)}: what {@link #forwardAdd} adds. */
    void contribution(Tensor x, double outputScale, Tensor y) {
        ops.forward(x, weight.value(), outputScale, y);
        addBias(outputScale, y);
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
