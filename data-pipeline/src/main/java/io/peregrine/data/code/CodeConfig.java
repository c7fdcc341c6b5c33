package io.peregrine.data.code;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** What {@link CodeAnnotator} needs to know before it can measure; limits are the profiles' ({@code conf/filters}). */
public record CodeConfig(
        @Key(unit = "lines", doc = "head of a file in which a note that a program wrote it is looked for")
        int headLines,

        @Key(
                unit = "characters",
                doc = "mean length of the lines of a script or style sheet from which it counts as minified;"
                        + " 110 is the limit of GitHub Linguist")
        double minifiedMeanLineMin,

        @Key(
                unit = "0..1",
                doc = "share of digits among visible characters from which a file counts as data;"
                        + " OpenCoder drops code above 0.2 (SQL 0.3)")
        double dataDigitRatioMin,

        @Key(unit = "words", doc = "beginning of a file in which repeated words are counted")
        int repetitionWordsMax)
        implements Serializable {
    public static final CodeConfig DEFAULTS = new CodeConfig(40, 110, 0.4, 500_000);

    public CodeConfig {
        require(headLines >= 0, "head-lines", headLines, "must be >= 0 lines");
        require(minifiedMeanLineMin > 0, "minified-mean-line-min", minifiedMeanLineMin, "must be > 0 characters");
        require(
                dataDigitRatioMin >= 0 && dataDigitRatioMin <= 1,
                "data-digit-ratio-min",
                dataDigitRatioMin,
                "must be 0 to 1");
        require(
                repetitionWordsMax >= 10 && repetitionWordsMax <= 10_000_000,
                "repetition-words-max",
                repetitionWordsMax,
                "must be 10 to 10000000 words");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key, value, rule);
        }
    }
}
