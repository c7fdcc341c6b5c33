package io.peregrine.data.filters.calibrate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.List;

/** How limits and stop words are learned from reference text. */
public record CalibrationConfig(
        @Key(doc = "name of the profile that is made; the file's name without .yaml")
        String name,

        @Key(doc = "how a limit is chosen: percentile, mean_std or median_ratio")
        LimitMethod method,

        @Key(unit = "0..1", doc = "percentile only: share of the reference that one rule may drop, in each language")
        double dropShareMax,

        @Key(doc = "mean_std and median_ratio only: the language for which the profile's limits are right as they are")
        String pivot,

        @Key(doc = "reasons of rules whose limits stay as they are, such as those on the length of a document")
        List<String> fixed,

        @Key(doc = "decimals of a limit; rounded so that the rule drops no more for it")
        int decimals,

        @Key(unit = "documents", doc = "a language with fewer in the reference is not learned, and reported")
        int documentsMin,

        @Key(unit = "documents", doc = "size of the sample of each language; those with the smallest ids are taken")
        int documentsMax,

        @Key(unit = "characters", doc = "longer documents are left out, so that the sample fits into memory")
        int documentCharactersMax,

        @Key(doc = "whether stop words are learned too") boolean learnStopWords,

        @Key(unit = "0..1", doc = "a word at least as frequent among all words is a stop word (FineWeb-2: .008)")
        double stopWordShareMin,

        @Key(unit = "words", doc = "least number of stop words, whatever their share")
        int stopWordsMin,

        @Key(unit = "words", doc = "greatest number of stop words")
        int stopWordsMax)
        implements Serializable {
    public static final CalibrationConfig DEFAULTS = new CalibrationConfig(
            "calibrated", LimitMethod.PERCENTILE, 0.05, "en", List.of(), 3, 200, 5000, 100_000, true, 0.008, 2, 20);

    private static final int DECIMALS_MAX = 12;

    public CalibrationConfig {
        fixed = List.copyOf(fixed);
        require(
                name.matches("[a-z0-9][a-z0-9.-]*"),
                "name",
                name,
                "must be lower-case letters, digits, dots and hyphens");
        require(dropShareMax >= 0 && dropShareMax < 1, "drop-share-max", dropShareMax, "must be in [0, 1)");
        require(decimals >= 0 && decimals <= DECIMALS_MAX, "decimals", decimals, "must be from 0 to " + DECIMALS_MAX);
        require(documentsMin >= 1, "documents-min", documentsMin, "must be >= 1 document");
        require(documentsMax >= documentsMin, "documents-max", documentsMax, "must be >= documents-min");
        require(documentCharactersMax >= 1, "document-characters-max", documentCharactersMax, "must be >= 1 character");
        require(
                stopWordShareMin > 0 && stopWordShareMin <= 1,
                "stop-word-share-min",
                stopWordShareMin,
                "must be in (0, 1]");
        require(stopWordsMin >= 0, "stop-words-min", stopWordsMin, "must be >= 0 words");
        require(stopWordsMax >= stopWordsMin, "stop-words-max", stopWordsMax, "must be >= stop-words-min");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key, value, rule);
        }
    }
}
