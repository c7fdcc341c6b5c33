/**
 * Mathematics in text: how much of it there is, and one way to write it.
 *
 * <p>{@link io.peregrine.data.math.Formulas} finds the formulas, {@link io.peregrine.data.math.MathMeasures} counts what
 * speaks of mathematics, {@link io.peregrine.data.math.MathScore} makes one number of it, {@link
 * io.peregrine.data.math.LatexNormalizer} writes formulas in one notation. {@link io.peregrine.data.math.MathAnnotator} is
 * the family of rules. Not here: getting formulas out of web pages, which is {@code data.extract}.
 */
package io.peregrine.data.math;
