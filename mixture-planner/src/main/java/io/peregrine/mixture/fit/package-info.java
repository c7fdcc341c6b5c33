/**
 * What fits to measured runs have in common, whatever they fit.
 *
 * <p>{@link io.peregrine.mixture.fit.RunTable} is a table of runs, read strictly from CSV or handed over by whoever read a
 * Delta table; {@link io.peregrine.mixture.fit.LevenbergMarquardt} is the one place where Commons Math's optimizer is
 * met; {@link io.peregrine.mixture.fit.NormalEquations} solves small linear problems, which is where its starts come
 * from; {@link io.peregrine.mixture.fit.FitQuality} says how well predictions rank and hit what was seen.
 *
 * <p>After: {@code mixture.optimize} (weights from proxy runs) and {@code mixture.scaling} (loss by size and repetition).
 * These three packages compute with floating point; what they propose reaches a plan only as weights that a person has
 * put into a run file.
 */
package io.peregrine.mixture.fit;
