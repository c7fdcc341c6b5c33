package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Thresholds of {@link GopherQualityFilter}; the defaults are those of arXiv:2112.11446, appendix A.1.1. */
public record GopherConfig(
        @Key(unit = "words", doc = "fewest words that are not symbols")
        long wordsMin,

        @Key(unit = "words", doc = "most words that are not symbols")
        long wordsMax,

        @Key(unit = "characters", doc = "least mean length of the words that are not symbols")
        double meanWordCharactersMin,

        @Key(unit = "characters", doc = "greatest mean length of the words that are not symbols")
        double meanWordCharactersMax,

        @Key(unit = "per word", doc = "most hash signs") double hashRatioMax,

        @Key(unit = "per word", doc = "most ellipses, written ... or U+2026")
        double ellipsisRatioMax,

        @Key(unit = "0..1", doc = "greatest share of lines that begin with a bullet, U+2022 or -")
        double bulletLineRatioMax,

        @Key(unit = "0..1", doc = "greatest share of lines that end with an ellipsis")
        double ellipsisLineRatioMax,

        @Key(unit = "0..1", doc = "least share of words with a letter")
        double letterWordRatioMin,

        @Key(unit = "words", doc = "fewest different ones of: the be to of and that have with")
        int stopWordsMin,

        @Key(doc = "rules that do not apply, by the names they have in the table of dropped documents")
        List<String> switchedOff)
        implements Serializable {
    /** The paper's values, every rule on. */
    public static final GopherConfig DEFAULTS =
            new GopherConfig(50, 100_000, 3, 10, 0.1, 0.1, 0.9, 0.3, 0.8, 2, List.of());

    /**
     * For languages other than English: no English stop words, and the widest word lengths and the lowest letter share
     * that FineWeb2's per-language settings have for the seventeen others (arXiv:2506.20920).
     */
    public static final GopherConfig MULTILINGUAL = new GopherConfig(
            50, 100_000, 1, 31, 0.1, 0.1, 0.9, 0.3, 0.71, 0, List.of(DropReason.GOPHER_ENOUGH_STOP_WORDS.key()));

    public GopherConfig {
        ConfigRules.atLeast("words-min", wordsMin, 0, "words");
        ConfigRules.atLeast("words-max", wordsMax, wordsMin, "words, and >= words-min");
        ConfigRules.atLeast("mean-word-characters-min", meanWordCharactersMin, 0, "characters");
        ConfigRules.atLeast(
                "mean-word-characters-max", meanWordCharactersMax, meanWordCharactersMin, "characters, and >= the min");
        ConfigRules.atLeast("hash-ratio-max", hashRatioMax, 0, "hash signs per word");
        ConfigRules.atLeast("ellipsis-ratio-max", ellipsisRatioMax, 0, "ellipses per word");
        ConfigRules.share("bullet-line-ratio-max", bulletLineRatioMax);
        ConfigRules.share("ellipsis-line-ratio-max", ellipsisLineRatioMax);
        ConfigRules.share("letter-word-ratio-min", letterWordRatioMin);
        if (stopWordsMin < 0 || stopWordsMin > GopherMeasures.STOP_WORDS) {
            throw new ConfigException(
                    "stop-words-min", stopWordsMin, "must be 0 to " + GopherMeasures.STOP_WORDS + " words");
        }
        switchedOff = List.copyOf(switchedOff);
        reasons("gopher", switchedOff);
    }

    /** The rules that do not apply. */
    Set<DropReason> off() {
        return reasons("gopher", switchedOff);
    }

    static Set<DropReason> reasons(String filter, List<String> names) {
        Set<DropReason> reasons = EnumSet.noneOf(DropReason.class);
        names.forEach(name -> reasons.add(DropReason.of(filter, "switched-off", name)));
        return reasons;
    }
}
