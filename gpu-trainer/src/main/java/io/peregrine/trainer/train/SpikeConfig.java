package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * What counts as a spike of the loss, and what it leads to.
 *
 * @param action what it leads to
 * @param window steps whose losses a loss is held against
 * @param threshold how far above their median it must be, in robust standard deviations
 * @param patience so many steps in a row
 * @param skipTokens what a rollback passes over behind the sequences that were read
 * @param maxRollbacks rollbacks of one run, after which it stops
 */
public record SpikeConfig(
        @Key(
                doc =
                        "none; report: a line in the metrics; or rollback: go back by itself, to the last checkpoint before, and"
                                + " on past the sequences that were read since, in a branch")
        SpikeAction action,

        @Key(
                unit = "steps",
                doc = "the losses of so many steps before are what a loss is held against; none is before there are")
        int window,

        @Key(
                unit = "robust standard deviations",
                doc =
                        "a loss this far above the median of the window is high (1.4826 times the median absolute deviation is one)")
        double threshold,

        @Key(unit = "steps", doc = "so many high losses in a row are a spike; a loss that is not finite is one at once")
        int patience,

        @Key(unit = "tokens", doc = "rollback passes over so many more behind the last sequence that was read")
        long skipTokens,

        @Key(unit = "rollbacks", doc = "a run that spikes again after so many stops with an error")
        int maxRollbacks) {
    /** Below this a median absolute deviation says little. */
    private static final int WINDOW_MIN = 8;

    static final SpikeConfig DEFAULTS = new SpikeConfig(SpikeAction.REPORT, 128, 6, 3, 0, 3);

    public SpikeConfig {
        if (window < WINDOW_MIN) {
            throw new ConfigException("window", window, "must be >= %d steps".formatted(WINDOW_MIN));
        }
        if (!(threshold > 0) || Double.isInfinite(threshold)) {
            throw new ConfigException("threshold", threshold, "must be > 0 robust standard deviations");
        }
        if (patience < 1 || patience >= window) {
            throw new ConfigException(
                    "patience", patience, "must be 1 step or more, and fewer than window (" + window + ")");
        }
        if (skipTokens < 0) {
            throw new ConfigException("skip-tokens", skipTokens, "must be >= 0 tokens");
        }
        if (maxRollbacks < 1) {
            throw new ConfigException("max-rollbacks", maxRollbacks, "must be >= 1 rollback");
        }
    }

    /** Whether it decides a run's numbers. */
    boolean rollsBack() {
        return action == SpikeAction.ROLLBACK;
    }

    /** What of this decides a run's numbers. */
    SpikeConfig decisive() {
        return rollsBack()
                ? new SpikeConfig(action, window, threshold, patience, skipTokens, DEFAULTS.maxRollbacks)
                : DEFAULTS;
    }
}
