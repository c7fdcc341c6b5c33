/**
 * The coordinate check of muP: do the sizes of activations and of their updates depend on the width?
 *
 * <p>Before: {@code trainer.model} (the closed form, {@code MuP}). After: the command {@code model coord-check} below
 * {@code trainer.model.cli}. Read {@link io.peregrine.trainer.experiments.coordinates.CoordCheckCommand}, then
 * {@code Coordinates} (one model at one width) and {@code CoordinateCheck} (slopes over widths).
 *
 * @see <a href="https://arxiv.org/abs/2203.03466">Tensor Programs V</a>, appendix D.1
 */
package io.peregrine.trainer.experiments.coordinates;
