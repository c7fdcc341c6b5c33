package io.peregrine.rewrite.accept;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/**
 * Bounds of the checks.
 *
 * @param lengthRatioMin fewest characters of an answer, as a share of the document's
 * @param lengthRatioMax most characters of an answer, as a multiple of the document's
 * @param languageCharactersMin shorter answers are not asked for their language, which nobody could tell
 */
public record AcceptConfig(
        @Key(unit = "ratio", doc = "fewest characters of an answer, as a share of the document's")
        double lengthRatioMin,

        @Key(unit = "ratio", doc = "most characters of an answer, as a multiple of the document's")
        double lengthRatioMax,

        @Key(unit = "characters", doc = "shorter answers are not asked for their language")
        int languageCharactersMin)
        implements Serializable {
    public static final AcceptConfig DEFAULTS = new AcceptConfig(0.5, 1.2, 200);

    public AcceptConfig {
        if (!(lengthRatioMin >= 0 && lengthRatioMin <= 1)) {
            throw new ConfigException("length-ratio-min", lengthRatioMin, "must be 0 to 1");
        }
        if (!(lengthRatioMax >= 1)) {
            throw new ConfigException("length-ratio-max", lengthRatioMax, "must be >= 1");
        }
        if (languageCharactersMin < 0) {
            throw new ConfigException("language-characters-min", languageCharactersMin, "must be >= 0 characters");
        }
    }
}
