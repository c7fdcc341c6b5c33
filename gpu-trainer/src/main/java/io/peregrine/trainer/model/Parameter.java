package io.peregrine.trainer.model;

import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;

/**
 * One learned tensor and the gradient that has gathered for it.
 *
 * @param name Hugging Face name, for example {@code model.layers.3.mamba.in_proj.weight}
 * @param value {@code shape}
 * @param gradient {@code shape}; backward passes add to it, {@link Parameters#zeroGradients} clears it
 */
public record Parameter(String name, Tensor value, Tensor gradient) {
    /** Shape as the checkpoint stores it. */
    public Shape shape() {
        return value.shape();
    }
}
