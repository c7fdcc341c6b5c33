package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * How often the run is saved.
 *
 * @param everySteps steps between two checkpoints; there is always one at the end
 * @param keep checkpoints kept, the newest ones
 * @param background whether training goes on while one is written
 */
public record CheckpointConfig(
        @Key(unit = "steps", doc = "save this often, and at the end")
        int everySteps,

        @Key(unit = "checkpoints", doc = "keep the newest ones, remove the rest")
        int keep,

        @Key(
                doc =
                        "whether training goes on while one is written, from a copy in host memory; false needs no such memory")
        boolean background) {
    static final CheckpointConfig DEFAULTS = new CheckpointConfig(500, 3, true);

    public CheckpointConfig {
        if (everySteps <= 0) {
            throw new ConfigException("every-steps", everySteps, "must be > 0 steps");
        }
        if (keep <= 0) {
            throw new ConfigException("keep", keep, "must be > 0 checkpoints");
        }
    }
}
