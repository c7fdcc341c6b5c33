package io.peregrine.data.dedup;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** Which repeated passages are cut, see {@link RepeatedSpans}. */
public record SpanDedupConfig(
        @Key(
                unit = "words",
                doc = "shortest passage that is cut where it occurs again; 50 is that of Lee et al.,"
                        + " arXiv:2107.06499, in tokens")
        int wordsMin,

        @Key(unit = "characters", doc = "a document that lost passages and is then shorter is dropped")
        int documentCharactersMin)
        implements Serializable {
    public static final SpanDedupConfig DEFAULTS = new SpanDedupConfig(50, 200);

    private static final int WORDS_MAX = 10_000;

    public SpanDedupConfig {
        if (wordsMin < 2 || wordsMin > WORDS_MAX) {
            throw new ConfigException("words-min", wordsMin, "must be 2 to %d words".formatted(WORDS_MAX));
        }
        if (documentCharactersMin < 1) {
            throw new ConfigException("document-characters-min", documentCharactersMin, "must be > 0 characters");
        }
    }
}
