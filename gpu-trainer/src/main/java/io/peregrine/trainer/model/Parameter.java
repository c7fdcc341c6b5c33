package io.peregrine.trainer.model;

import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * One learned tensor, and the gradient that has gathered for it where it is trained.
 *
 * @param name Hugging Face name, for example {@code model.layers.3.mamba.in_proj.weight}
 * @param value {@code shape}
 * @param gathered the gradient, {@code shape}; backward passes add to it, {@link Parameters#zeroGradients} clears it
 */
public record Parameter(String name, Tensor value, Optional<Tensor> gathered) {
    /** Shape as the checkpoint stores it. */
    public Shape shape() {
        return value.shape();
    }

    /**
     * The gradient.
     *
     * @throws IllegalStateException if this parameter is not trained
     */
    public Tensor gradient() {
        return gathered.orElseThrow(
                () -> new IllegalStateException(
                        name
                                + ": has no gradient, because its model was made to be read; make it with Parameters.zeros to train it"));
    }

    /** The same rows of value and gradient, sharing memory. */
    Parameter rows(String partName, int from, int to) {
        return new Parameter(partName, value.rows(from, to), gathered.map(it -> it.rows(from, to)));
    }

    /** The same numbers of a vector and its gradient, sharing memory. */
    Parameter numbers(String partName, int from, int to) {
        return new Parameter(
                partName,
                value.columns(from, to).flat(),
                gathered.map(it -> it.columns(from, to).flat()));
    }
}
