package io.peregrine.data.filters;

import io.peregrine.data.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The rules a document can break. The keys of the Gopher rules are those of datatrove, so that funnels can be compared;
 * {@code gopher_enough_stop_words} therefore means <em>not</em> enough of them.
 */
public enum DropReason {
    /** The language found is none of those the domain accepts. Measured: 1 such language; limit: 0. */
    LANGUAGE_NOT_ACCEPTED("language"),
    /** The language is accepted but not sure enough. Measured: confidence; limit: the least accepted. */
    LANGUAGE_LOW_CONFIDENCE("language"),
    /** The letters are not those of the language found. Measured: share of letters of its scripts; limit: the least. */
    LANGUAGE_WRONG_SCRIPT("language"),

    /** Too few words that are not symbols. Measured: words. */
    GOPHER_SHORT_DOC("gopher"),
    /** Too many words that are not symbols. Measured: words. */
    GOPHER_LONG_DOC("gopher"),
    /** No word at all, so that no ratio exists. Measured: words; limit: 1. */
    GOPHER_NO_WORDS("gopher"),
    /** Words too short on average. Measured: mean code points of the words that are not symbols. */
    GOPHER_BELOW_AVG_THRESHOLD("gopher"),
    /** Words too long on average. Measured: mean code points of the words that are not symbols. */
    GOPHER_ABOVE_AVG_THRESHOLD("gopher"),
    /** Too many hash signs. Measured: hash signs per word. */
    GOPHER_TOO_MANY_HASHES("gopher"),
    /** Too many ellipses. Measured: ellipses per word. */
    GOPHER_TOO_MANY_ELLIPSIS("gopher"),
    /** Too many lines that begin with a bullet. Measured: their share of the lines. */
    GOPHER_TOO_MANY_BULLETS("gopher"),
    /** Too many lines that end with an ellipsis. Measured: their share of the lines. */
    GOPHER_TOO_MANY_END_ELLIPSIS("gopher"),
    /** Too few words with a letter. Measured: their share of the words. */
    GOPHER_BELOW_ALPHA_THRESHOLD("gopher"),
    /** Too few different stop words. Measured: how many different ones are present. */
    GOPHER_ENOUGH_STOP_WORDS("gopher"),

    /** Nothing but whitespace. Measured: characters that are not; limit: 1. */
    CODE_EMPTY("code"),
    /** A line is too long. Measured: code points of the longest. */
    CODE_LONG_LINE("code"),
    /** Lines are too long on average. Measured: mean code points. */
    CODE_LONG_MEAN_LINE("code"),
    /** Too many lines. Measured: lines. */
    CODE_TOO_MANY_LINES("code"),
    /** Too few letters and digits. Measured: their share of the code points. */
    CODE_BELOW_ALPHANUMERIC("code");

    private final String filter;

    DropReason(String filter) {
        this.filter = filter;
    }

    /** Name in tables, manifests and settings: the constant in lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The filter that has this rule: language, gopher or code. */
    public String filter() {
        return filter;
    }

    /**
     * The reason of this name.
     *
     * @throws ConfigException if there is none of that filter
     */
    static DropReason of(String filter, String settingsKey, String reason) {
        List<DropReason> known = Arrays.stream(values())
                .filter(candidate -> candidate.filter.equals(filter))
                .toList();
        return known.stream()
                .filter(candidate -> candidate.key().equals(reason))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        settingsKey,
                        reason,
                        "must be one of " + known.stream().map(DropReason::key).toList()));
    }
}
