package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * How the batch grows at the beginning of a run.
 *
 * @param fromSequences sequences of the first step
 * @param tokens tokens after which the batch has its full size; 0 for none of this
 */
public record BatchRampConfig(
        @Key(unit = "sequences", doc = "sequences of the first step")
        int fromSequences,

        @Key(
                unit = "tokens",
                doc =
                        "the batch grows in proportion to the tokens seen, and has its full size after these; 0 for a batch that"
                                + " does not grow. The learning rate goes with the square root of the batch (Falcon-H1, eq. 19)")
        long tokens) {
    /** A batch that does not grow. */
    public static final BatchRampConfig DEFAULTS = new BatchRampConfig(1, 0);

    public BatchRampConfig {
        if (fromSequences <= 0) {
            throw new ConfigException("from-sequences", fromSequences, "must be > 0 sequences");
        }
        if (tokens < 0) {
            throw new ConfigException("tokens", tokens, "must be >= 0 tokens");
        }
    }
}
