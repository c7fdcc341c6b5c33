package io.peregrine.trainer.model;

/**
 * Cross-entropy summed over predictions.
 *
 * @param nats the sum, in nats
 * @param predictions how many tokens were predicted
 */
public record LossSum(double nats, long predictions) {
    /** Nothing yet. */
    public static final LossSum ZERO = new LossSum(0, 0);

    /** Both sums together. */
    public LossSum plus(LossSum other) {
        return new LossSum(nats + other.nats, predictions + other.predictions);
    }

    /** Nats per prediction. */
    public double mean() {
        return nats / predictions;
    }
}
