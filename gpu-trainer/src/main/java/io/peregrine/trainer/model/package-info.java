/**
 * Falcon-H1, forward and backward, readable from top to bottom.
 *
 * <p>Before: {@code trainer.ops} (what a model may ask for) and {@code trainer.loader.TokenBatch}. After: {@code
 * trainer.train}, {@code trainer.generate}. Reading order: {@link io.peregrine.trainer.model.FalconH1Config}, {@link
 * io.peregrine.trainer.model.Parameters}, {@link io.peregrine.trainer.model.FalconH1Model}, {@link
 * io.peregrine.trainer.model.HybridBlock}, {@link io.peregrine.trainer.model.MambaMixer}, {@link
 * io.peregrine.trainer.model.Attention}, {@link io.peregrine.trainer.model.FeedForward}.
 *
 * <p>A layer of the released models is a {@code HybridBlock}; {@code ParallelBlock} and {@code SequentialBlock} are the two
 * other orders of its parts ({@link io.peregrine.trainer.model.BlockOrder}), for ablations.
 *
 * <p>Each part has its forward and its backward side by side and keeps what the second needs of the first; there is no
 * automatic differentiation. Parts know only the interfaces of {@code trainer.ops}. Tensor names are Hugging Face's.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>
 */
package io.peregrine.trainer.model;
