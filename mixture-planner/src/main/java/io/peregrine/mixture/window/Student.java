package io.peregrine.mixture.window;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's distribution, for means whose variance was estimated from few steps. */
final class Student {
    private Student() {}

    /** The value that a draw is below with this probability. */
    static double quantile(int degreesOfFreedom, double probability) {
        return of(degreesOfFreedom).inverseCumulativeProbability(probability);
    }

    /** The probability that a draw is below a value. */
    static double probability(int degreesOfFreedom, double value) {
        return of(degreesOfFreedom).cumulativeProbability(value);
    }

    private static TDistribution of(int degreesOfFreedom) {
        return new TDistribution(null, degreesOfFreedom); // nothing is drawn from it, so it needs no generator
    }
}
