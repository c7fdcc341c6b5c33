package io.peregrine.mixture.optimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The mixture that is proposed, and what each source's cap costs.
 *
 * @param sources in the order of the settings
 * @param lossBefore weighted loss of the prior, as the laws predict it
 * @param loss weighted loss of the proposal
 * @param divergence {@code KL(proposal || prior)}, nats
 * @param gap the objective is at most this far above its minimum
 */
public record Proposal(List<Source> sources, double lossBefore, double loss, double divergence, double gap) {
    /** A weight counts as being at its cap from this fraction of it. */
    private static final double AT_CAP = 1 - 1e-9;

    public Proposal {
        sources = List.copyOf(sources);
    }

    /**
     * One source.
     *
     * @param cap the most it may weigh
     * @param prior its weight before
     * @param weight its weight now
     * @param atCap whether the cap binds
     * @param price by how much the objective falls per unit of the cap, {@code >= 0}; 0 if the cap does not bind
     * @param lowest its smallest weight when each fold's laws propose
     * @param highest its largest weight then
     * @param largestSeen the largest weight in any run; beyond it the laws extrapolate
     */
    public record Source(
            SourceCap cap,
            double prior,
            double weight,
            boolean atCap,
            double price,
            double lowest,
            double highest,
            double largestSeen) {
        /** By how much the objective falls for a billion unique tokens more, as long as the same cap binds. */
        public double pricePerBillionTokens() {
            return price * cap.capPerToken() * 1e9;
        }
    }

    /**
     * Proposes a mixture.
     *
     * @param runs what the laws were fitted to
     * @param laws by target
     * @param foldLaws the laws of each fold, by target
     * @param targetWeights summing to 1
     * @param prior summing to 1, all {@code > 0}
     * @param caps of the sources in the runs' order
     */
    static Proposal of(
            ProxyRuns runs,
            List<ExponentialLaw> laws,
            List<List<ExponentialLaw>> foldLaws,
            List<Double> targetWeights,
            double kl,
            List<Double> prior,
            List<SourceCap> caps) {
        CappedSimplex allowed =
                new CappedSimplex(caps.stream().map(SourceCap::cap).toList());
        MixtureObjective objective = new MixtureObjective(laws, targetWeights, kl, prior);
        double[] before = prior.stream().mapToDouble(p -> p).toArray();
        ExponentiatedGradient.Minimum minimum = ExponentiatedGradient.minimize(objective, allowed, before);
        double[] weights = minimum.toArray();
        double[] prices = prices(objective, allowed, weights);
        List<double[]> byFold = foldLaws.stream()
                .parallel()
                .map(fold -> ExponentiatedGradient.minimize(
                                new MixtureObjective(fold, targetWeights, kl, prior), allowed, weights)
                        .toArray())
                .toList();
        List<Double> largest = runs.largestWeights();
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            int source = i;
            double[] own = byFold.stream().mapToDouble(w -> w[source]).toArray();
            sources.add(new Source(
                    caps.get(i),
                    prior.get(i),
                    weights[i],
                    atCap(weights[i], allowed.cap(i)),
                    prices[i],
                    Arrays.stream(own).min().orElse(weights[i]),
                    Arrays.stream(own).max().orElse(weights[i]),
                    largest.get(i)));
        }
        return new Proposal(
                sources, objective.loss(before), objective.loss(weights), objective.divergence(weights), minimum.gap());
    }

    /**
     * The multipliers of the caps: for a source at its cap the derivative of the free sources, which is one number at the
     * minimum, less its own. Where no source is free, a unit more would be taken from the source with the largest.
     */
    static double[] prices(MixtureObjective objective, CappedSimplex allowed, double[] weights) {
        double[] gradient = objective.gradient(weights);
        double mass = 0;
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            if (!atCap(weights[i], allowed.cap(i))) {
                mass += weights[i];
                sum += weights[i] * gradient[i];
            }
            largest = weights[i] > 0 ? Math.max(largest, gradient[i]) : largest;
        }
        double free = mass > 1e-9 ? sum / mass : largest;
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> atCap(weights[i], allowed.cap(i)) ? Math.max(0, free - gradient[i]) : 0)
                .toArray();
    }

    private static boolean atCap(double weight, double cap) {
        return cap < 1 && weight >= cap * AT_CAP;
    }
}
