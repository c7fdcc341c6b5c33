package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * What is held out of training and how often the loss on it is measured.
 *
 * @param everySteps steps between two measurements, 0 to measure at the end only
 * @param sequences sequences held out over all streams, 0 for none
 */
public record ValidationConfig(
        @Key(unit = "steps", doc = "measure the held-out loss this often, and at the end; 0: only at the end")
        int everySteps,

        @Key(unit = "sequences", doc = "held out of training, from each stream by its share; 0 for none")
        int sequences) {
    static final ValidationConfig DEFAULTS = new ValidationConfig(500, 256);

    public ValidationConfig {
        if (everySteps < 0) {
            throw new ConfigException("every-steps", everySteps, "must be >= 0 steps");
        }
        if (sequences < 0) {
            throw new ConfigException("sequences", sequences, "must be >= 0 sequences");
        }
    }
}
