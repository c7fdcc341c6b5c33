package io.peregrine.trainer.optim;

import io.peregrine.data.ConfigException;

/**
 * Learning rate and weight decay in the coordinates in which they act apart: the effective learning rate sets the noise, and
 * with it how much the loss drops when it decays; the effective weight decay sets the norms that parameters settle at, its
 * inverse.
 *
 * @param elr effective learning rate, {@code sqrt(learningRate * weightDecay)}
 * @param ewd effective weight decay, {@code sqrt(weightDecay / learningRate)}
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section 3.2, equations 10 to 13
 */
public record EffectiveRates(double elr, double ewd) {
    public EffectiveRates {
        positive("elr", elr);
        positive("ewd", ewd);
    }

    /** The coordinates of a learning rate and a weight decay, both above 0. */
    public static EffectiveRates of(double learningRate, double weightDecay) {
        return new EffectiveRates(Math.sqrt(learningRate * weightDecay), Math.sqrt(weightDecay / learningRate));
    }

    public double learningRate() {
        return elr / ewd;
    }

    public double weightDecay() {
        return elr * ewd;
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ConfigException(key, value, "must be > 0");
        }
    }
}
