/**
 * How the loss falls with size, tokens and repetition, from runs of several sizes.
 *
 * <p>Before: a table of runs (parameters N, tokens trained on D, unique tokens among them U, loss L). After: a person who
 * decides how often a source may be repeated ({@code max-epochs}) and how large a model to train.
 *
 * <p>Reading order: {@link io.peregrine.mixture.scaling.ScalingForm} has the formulas, {@link
 * io.peregrine.mixture.scaling.ScalingFit} fits one of them, {@link io.peregrine.mixture.scaling.ScalingStudy} chooses among
 * them and says how sure the numbers are.
 *
 * <p>{@code L = E + A / N^a + B / D'^b}. A form says what repeated tokens are worth:
 *
 * <ul>
 *   <li>fresh: {@code D' = D}, as if none were repeated (Hoffmann et al., arXiv 2203.15556)
 *   <li>effective data: {@code D' = U + U R* (1 - exp(-R / R*))} with {@code R = D / U - 1} repetitions and R* fitted
 *       (Muennighoff et al., arXiv 2305.16264)
 *   <li>penalty: {@code D' = D} and {@code P R N / U} added: repeating hurts more the larger the model is for its data. One
 *       coefficient, after the idea of arXiv 2605.01640, whose own form may differ
 * </ul>
 *
 * <p>A fit makes the sum of Huber's loss of {@code log L(prediction) - log L(seen)} small, with the corner at 1e-3, so
 * that a failed run does not bend it. A form is chosen by its error on the largest models, which are left out of that fit:
 * how well it extrapolates is what it is for.
 */
package io.peregrine.mixture.scaling;
