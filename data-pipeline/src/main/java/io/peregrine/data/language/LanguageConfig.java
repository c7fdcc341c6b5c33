package io.peregrine.data.language;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which languages a domain accepts, what identifies them, and how sure it must be. */
public record LanguageConfig(
        @Key(doc = "BCP 47 codes accepted; an empty list accepts every language that is found")
        List<String> accepted,

        @Key(doc = "opennlp, or the path of a fastText model (.bin or .ftz) on every machine that filters")
        String model,

        @Key(unit = "UTF-16 units", doc = "most text looked at, in four windows of equal distance")
        int sampleCharacters,

        @Key(unit = "0..1", doc = "least confidence in a language for which nothing else is said")
        double confidenceMin,

        @Key(unit = "0..1", doc = "by BCP 47 code: least confidence instead of the model's own for that language")
        Map<String, Double> confidenceMinByLanguage,

        @Key(unit = "0..1", doc = "least share of letters in a script that the language is written in")
        double ownScriptShareMin,

        @Key(doc = "parts of a document identified one by one, to find mixed languages; 0 looks for none")
        int mixedSegments,

        @Key(unit = "0..1", doc = "greatest share of letters in parts that are surely in another language")
        double mixedShareMax)
        implements Serializable {
    /** The value of {@code model} for the model that comes with Peregrine. */
    public static final String OPENNLP = "opennlp";

    /** Every language that is found. */
    public static final LanguageConfig DEFAULTS =
            new LanguageConfig(List.of(), OPENNLP, 1000, 0.5, Map.of(), 0.5, 6, 0.3);

    /** English, for the web and mathematics. */
    public static final LanguageConfig ENGLISH = DEFAULTS.withAccepted(List.of("en"));

    /** The seventeen others of Falcon-H1 (arXiv:2507.22448, section 4) and English. */
    public static final LanguageConfig FALCON_H1 = DEFAULTS.withAccepted(List.of(
            "ar", "cs", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "ur",
            "zh"));

    private static final int SAMPLE_LEAST = 8;
    private static final int SEGMENTS_MOST = 64;

    public LanguageConfig {
        accepted = List.copyOf(accepted);
        accepted.forEach(code -> language("accepted", code));
        if (model.isBlank()) {
            throw new ConfigException("model", model, "must be opennlp or the path of a fastText model");
        }
        if (sampleCharacters < SAMPLE_LEAST) {
            throw new ConfigException("sample-characters", sampleCharacters, "must be >= " + SAMPLE_LEAST);
        }
        share("confidence-min", confidenceMin);
        confidenceMinByLanguage = Collections.unmodifiableMap(new TreeMap<>(confidenceMinByLanguage));
        confidenceMinByLanguage.forEach((code, minimum) -> {
            language("confidence-min-by-language", code);
            share("confidence-min-by-language." + code, minimum);
        });
        share("own-script-share-min", ownScriptShareMin);
        if (mixedSegments < 0 || mixedSegments > SEGMENTS_MOST) {
            throw new ConfigException("mixed-segments", mixedSegments, "must be 0 to " + SEGMENTS_MOST);
        }
        share("mixed-share-max", mixedShareMax);
    }

    /** The same settings for other languages. */
    public LanguageConfig withAccepted(List<String> codes) {
        return new LanguageConfig(
                codes,
                model,
                sampleCharacters,
                confidenceMin,
                confidenceMinByLanguage,
                ownScriptShareMin,
                mixedSegments,
                mixedShareMax);
    }

    /** Whether a language found is one of those wanted. */
    public boolean accepts(String language) {
        return accepted.isEmpty() || accepted.contains(language);
    }

    /** Least confidence for a language: its own one here, the model's, or the one for all others. */
    public double confidenceMin(String language) {
        Double own = confidenceMinByLanguage.get(language);
        SortedMap<String, Double> ofModel =
                model.equals(OPENNLP) ? LanguageThresholds.OPENNLP : LanguageThresholds.FASTTEXT;
        return own != null ? own : ofModel.getOrDefault(language, confidenceMin);
    }

    private static void language(String key, String code) {
        if (!code.matches("[a-z]{2,3}")) {
            throw new ConfigException(key, code, "must be a BCP 47 language of 2 or 3 small letters");
        }
    }

    private static void share(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new ConfigException(key, value, "must be 0 to 1");
        }
    }
}
