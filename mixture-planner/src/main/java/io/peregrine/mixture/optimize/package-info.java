/**
 * Weights from proxy runs.
 *
 * <p>Before: small models, each trained on another mixture, with their losses on some targets ({@link
 * io.peregrine.mixture.optimize.ProxyRuns}, read by {@code mixture.fit}). After: weights that a person puts into {@code
 * mixture.streams} ({@link io.peregrine.mixture.optimize.ProposedMixture}).
 *
 * <p>Reading order: {@link io.peregrine.mixture.optimize.MixtureOptimization} does it all. The formulas:
 *
 * <ul>
 *   <li>{@link io.peregrine.mixture.optimize.ExponentialLaw}: {@code L_i(w) = c_i + k_i exp(sum_j t_ij w_j)} for target i
 *       (arXiv 2403.16952), with a linear law as the rival; {@link io.peregrine.mixture.optimize.CrossValidation} says how
 *       well both predict runs that they have not seen.
 *   <li>{@link io.peregrine.mixture.optimize.MixtureObjective}: {@code f(w) = sum_i v_i L_i(w) + kl KL(w || prior)}, convex.
 *   <li>{@link io.peregrine.mixture.optimize.SourceCap}: {@code w_s <= min(U_s / M_s, E_s U_s / T)} for unique tokens U, window
 *       M, epochs E and budget T: repeats of a source are {@code U_s / w_s} tokens apart, which must be at least M.
 *   <li>{@link io.peregrine.mixture.optimize.CappedSimplex} and {@link io.peregrine.mixture.optimize.ExponentiatedGradient}: the
 *       minimum of f under the caps, to within a gap that is computed.
 *   <li>{@link io.peregrine.mixture.optimize.Proposal}: the weights, and the multiplier of each cap that binds, {@code
 *       -df/dcap_s}, which times {@code dcap_s/dU_s} is what a token more of the source is worth.
 * </ul>
 *
 * <p>{@link io.peregrine.mixture.optimize.OptimizeText} and {@link io.peregrine.mixture.optimize.OptimizeFacts} show the
 * result. Proxy runs must repeat their small sources as often as the long run will: the laws know weights only, not epochs.
 */
package io.peregrine.mixture.optimize;
