package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.trainer.checkpoint.CheckpointRetention;

/**
 * How often the run is saved.
 *
 * @param everySteps steps between two checkpoints; there is always one at the end
 * @param keep checkpoints kept, the newest ones
 * @param keepLogSpaced checkpoints kept besides of each doubling of the steps
 * @param background whether training goes on while one is written
 */
public record CheckpointConfig(
        @Key(unit = "steps", doc = "save this often, and at the end")
        int everySteps,

        @Key(unit = "checkpoints", doc = "keep the newest ones, remove the rest")
        int keep,

        @Key(
                unit = "checkpoints",
                doc = "keep this many besides of each doubling of the steps, evenly spaced in it, to go back to")
        int keepLogSpaced,

        @Key(
                doc =
                        "whether training goes on while one is written, from a copy in host memory (12 bytes a parameter, taken at the beginning; with cuda beside PEREGRINE_MEMORY); false needs no such memory")
        boolean background) {
    /** Each is then one percent of its doubling; whoever wants more wants them all, by {@code keep}. */
    private static final int KEEP_LOG_SPACED_MAX = 100;

    static final CheckpointConfig DEFAULTS = new CheckpointConfig(500, 3, 1, true);

    public CheckpointConfig {
        if (everySteps <= 0) {
            throw new ConfigException("every-steps", everySteps, "must be > 0 steps");
        }
        if (keep <= 0) {
            throw new ConfigException("keep", keep, "must be > 0 checkpoints");
        }
        if (keepLogSpaced < 0 || keepLogSpaced > KEEP_LOG_SPACED_MAX) {
            throw new ConfigException(
                    "keep-log-spaced",
                    keepLogSpaced,
                    "must be 0..%d checkpoints of each doubling of the steps".formatted(KEEP_LOG_SPACED_MAX));
        }
    }

    /** What of this decides the numbers of a run that goes back to checkpoints by itself. */
    CheckpointConfig decisive() {
        return new CheckpointConfig(everySteps, DEFAULTS.keep, DEFAULTS.keepLogSpaced, DEFAULTS.background);
    }

    /** Which ones stay. */
    CheckpointRetention retention() {
        return new CheckpointRetention(keep, keepLogSpaced);
    }
}
