/**
 * Numbers with a shape: what the model and its operations hand to each other.
 *
 * <p>Before: nothing. After: {@code trainer.model}, {@code trainer.ops}, {@code trainer.checkpoint}. Read {@link
 * io.peregrine.trainer.tensor.Shape}, then {@link io.peregrine.trainer.tensor.Tensor}. There is no arithmetic here.
 */
package io.peregrine.trainer.tensor;
