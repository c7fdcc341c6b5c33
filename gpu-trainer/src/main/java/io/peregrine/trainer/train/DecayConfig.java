package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.trainer.optim.LearningRateSchedule;

/**
 * How the learning rate ends.
 *
 * @param shape by the same ratio or by the same amount for each token
 * @param share share of the run's tokens over which it falls, [0, 1]
 * @param floorRatio share of the peak that is left at the end, (0, 1]
 */
public record DecayConfig(
        @Key(doc = "exponential (as Falcon-H1's runs; arXiv:2601.04890, appendix A), linear or cosine")
        LearningRateSchedule.Decay shape,

        @Key(unit = "share of the run's tokens", doc = "length of the final decay; 0 for none")
        double share,

        @Key(unit = "share of the peak", doc = "learning rate left at the end")
        double floorRatio) {
    static final DecayConfig DEFAULTS = new DecayConfig(LearningRateSchedule.Decay.EXPONENTIAL, 0.2, 0.125);

    public DecayConfig {
        if (!(share >= 0 && share <= 1)) {
            throw new ConfigException("share", share, "must be between 0 and 1");
        }
        if (!(floorRatio > 0 && floorRatio <= 1)) {
            throw new ConfigException("floor-ratio", floorRatio, "must be above 0 and at most 1");
        }
    }
}
