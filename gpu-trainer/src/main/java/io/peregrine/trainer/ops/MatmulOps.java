package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/** Linear maps. Weights lie as checkpoints store them, {@code (out, in)}. */
public interface MatmulOps {
    /** {@code y = scale * x w^T}: x {@code (rows, in)}, w {@code (out, in)}, y {@code (rows, out)} overwritten. */
    void forward(Tensor x, Tensor w, double scale, Tensor y);

    /** {@code y = base + scale * x w^T}, shapes as in {@link #forward}; {@code base} is like {@code y} and may be it. */
    void forwardAdd(Tensor x, Tensor w, double scale, Tensor base, Tensor y);

    /** {@code dx = scale * dy w}: dy {@code (rows, out)}, w {@code (out, in)}, dx {@code (rows, in)} overwritten. */
    void backwardInput(Tensor dy, Tensor w, double scale, Tensor dx);

    /** {@code dx += scale * dy w}, shapes as in {@link #backwardInput}. */
    void backwardInputAdd(Tensor dy, Tensor w, double scale, Tensor dx);

    /** {@code dw += scale * dy^T x}: dy {@code (rows, out)}, x {@code (rows, in)}, dw {@code (out, in)}. */
    void backwardWeight(Tensor dy, Tensor x, double scale, Tensor dw);

    /** {@code y[i] += scale * bias} in every row: bias {@code (out)}, y {@code (rows, out)}. */
    void addBias(Tensor bias, double scale, Tensor y);

    /** {@code dBias += scale * sum over rows of dy}: dy {@code (rows, out)}, dBias {@code (out)}. */
    void backwardBias(Tensor dy, double scale, Tensor dBias);
}
