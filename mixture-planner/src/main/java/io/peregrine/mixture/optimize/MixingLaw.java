package io.peregrine.mixture.optimize;

/** The loss on one target as a function of the sources' weights. */
public sealed interface MixingLaw permits ExponentialLaw, LinearLaw {
    /**
     * The loss under a mixture.
     *
     * @param weights one per source, {@code >= 0}, summing to 1
     */
    double loss(double[] weights);

    /** Adds {@code scale} times the derivatives by the weights to {@code gradient}. */
    void addGradient(double[] weights, double scale, double[] gradient);

    /** The losses under the mixtures of runs, by run. */
    default double[] losses(ProxyRuns runs) {
        double[] losses = new double[runs.size()];
        for (int run = 0; run < losses.length; run++) {
            losses[run] = loss(runs.weights(run));
        }
        return losses;
    }
}
