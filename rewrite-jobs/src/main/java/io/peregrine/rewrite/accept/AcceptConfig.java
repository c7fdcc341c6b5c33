package io.peregrine.rewrite.accept;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which checks an answer must pass, and their bounds. The bounds of a check that is not named are not looked at. */
public record AcceptConfig(
        @Key(
                doc =
                        "what an answer must pass: finish, unchanged, length, refusal, preamble, repetition, numbers, dates,"
                                + " units, urls, identifiers, latex, code, language, copy, drift, syntax, result")
        List<Check> checks,

        @Key(unit = "ratio", doc = "length: fewest characters of an answer, as a share of the document's")
        double lengthRatioMin,

        @Key(unit = "ratio", doc = "length: most characters of an answer, as a multiple of the document's")
        double lengthRatioMax,

        @Key(unit = "characters", doc = "language: shorter answers are not asked for their language")
        int languageCharactersMin,

        @Key(unit = "0..1", doc = "repetition: most runs of 8 words that have been there before, as a share of all")
        double repeatedMax,

        @Key(
                unit = "0..1",
                doc =
                        "numbers, dates, units, urls, identifiers, latex, code: by check, the share of the document's that"
                                + " may be gone; 0 where it is not named")
        Map<String, Double> lostMax,

        @Key(
                unit = "0..1",
                doc = "the same checks: by check, the share of the answer's that may be none of the document's; 0 where"
                        + " it is not named")
        Map<String, Double> newMax,

        @Key(unit = "0..1", doc = "copy: most runs of 13 words that are the document's, as a share of the answer's")
        double copyMax,

        @Key(unit = "0..1", doc = "drift: fewest different words that are the document's, as a share of the answer's")
        double overlapMin)
        implements Serializable {
    /** For a rewriter that keeps every word. */
    public static final AcceptConfig DEFAULTS = new AcceptConfig(
            List.of(Check.UNCHANGED, Check.LENGTH, Check.NUMBERS, Check.URLS, Check.LATEX, Check.CODE, Check.LANGUAGE),
            0.5,
            1.2,
            200,
            0.2,
            Map.of(),
            Map.of(),
            0.5,
            0.2);

    public AcceptConfig {
        checks = List.copyOf(checks);
        if (new TreeSet<>(checks).size() != checks.size()) {
            throw new ConfigException("checks", checks, "must name each check once");
        }
        if (!(lengthRatioMin >= 0 && lengthRatioMin < Double.POSITIVE_INFINITY)) {
            throw new ConfigException("length-ratio-min", lengthRatioMin, "must be >= 0");
        }
        if (!(lengthRatioMax > 0 && lengthRatioMax >= lengthRatioMin)) {
            throw new ConfigException(
                    "length-ratio-max", lengthRatioMax, "must be > 0 and >= length-ratio-min, " + lengthRatioMin);
        }
        if (languageCharactersMin < 0) {
            throw new ConfigException("language-characters-min", languageCharactersMin, "must be >= 0 characters");
        }
        requireShare("repeated-max", repeatedMax);
        lostMax = shares("lost-max", lostMax);
        newMax = shares("new-max", newMax);
        requireShare("copy-max", copyMax);
        requireShare("overlap-min", overlapMin);
    }

    /** The share of the document's facts of a kind that may be gone. */
    double lostMax(FactKind kind) {
        return lostMax.getOrDefault(kind.code(), 0.0);
    }

    /** The share of the answer's facts of a kind that the document may be without. */
    double newMax(FactKind kind) {
        return newMax.getOrDefault(kind.code(), 0.0);
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new ConfigException(key, value, "must be 0 to 1");
        }
    }

    private static Map<String, Double> shares(String key, Map<String, Double> given) {
        List<String> known =
                Arrays.stream(FactKind.values()).map(FactKind::code).toList();
        given.forEach((kind, share) -> {
            if (!known.contains(kind)) {
                throw new ConfigException(key + "." + kind, share, "must be a share of one of " + known);
            }
            requireShare(key + "." + kind, share);
        });
        return Collections.unmodifiableMap(new TreeMap<>(given));
    }
}
