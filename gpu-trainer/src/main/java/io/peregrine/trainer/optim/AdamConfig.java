package io.peregrine.trainer.optim;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * AdamW's own constants.
 *
 * @param beta1 memory of the mean gradient, [0, 1)
 * @param beta2 memory of the mean squared gradient, [0, 1)
 * @param epsilon added to the root of the mean square, above 0
 */
public record AdamConfig(
        @Key(doc = "memory of the mean gradient, in steps 1/(1 - beta1)")
        double beta1,

        @Key(doc = "memory of the mean squared gradient, in steps 1/(1 - beta2)")
        double beta2,

        @Key(doc = "added to the root of the mean square") double epsilon) {
    public static final AdamConfig DEFAULTS = new AdamConfig(0.9, 0.95, 1e-8);

    public AdamConfig {
        if (!(beta1 >= 0 && beta1 < 1)) {
            throw new ConfigException("beta1", beta1, "must be at least 0 and below 1");
        }
        if (!(beta2 >= 0 && beta2 < 1)) {
            throw new ConfigException("beta2", beta2, "must be at least 0 and below 1");
        }
        if (!(epsilon > 0)) {
            throw new ConfigException("epsilon", epsilon, "must be > 0");
        }
    }
}
