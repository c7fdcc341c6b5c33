package io.peregrine.data.language;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Least confidences by language where a run sets none: they belong to a model, since confidences of models differ. */
public final class LanguageThresholds {
    /**
     * For {@link OpenNlpLanguageIdentifier}: the first percentile of the confidence of right answers over 7,162 documents
     * in these languages, of which at most 1,000 characters are looked at, rounded down to a twentieth, and at most 0.8.
     * Above that, texts of 200 characters go (98% of them stay now) and hardly any other language does.
     */
    public static final SortedMap<String, Double> OPENNLP = sorted(Map.ofEntries(
            Map.entry("ar", 0.8),
            Map.entry("cs", 0.8),
            Map.entry("de", 0.8),
            Map.entry("en", 0.8),
            Map.entry("es", 0.75),
            Map.entry("fr", 0.8),
            Map.entry("hi", 0.8),
            Map.entry("it", 0.8),
            Map.entry("ja", 0.7),
            Map.entry("ko", 0.75),
            Map.entry("nl", 0.8),
            Map.entry("pl", 0.8),
            Map.entry("pt", 0.8),
            Map.entry("ro", 0.8),
            Map.entry("ru", 0.8),
            Map.entry("sv", 0.8),
            Map.entry("ur", 0.8),
            Map.entry("zh", 0.8)));

    /**
     * For fastText models trained as GlotLID: the scores with which FineWeb2 (arXiv:2506.20920, its published
     * configuration) keeps a document, and FineWeb's 0.65 for English (arXiv:2406.17557, section 3.2).
     */
    public static final SortedMap<String, Double> FASTTEXT = sorted(Map.ofEntries(
            Map.entry("ar", 0.711),
            Map.entry("cs", 0.88),
            Map.entry("de", 0.821),
            Map.entry("en", 0.65),
            Map.entry("es", 0.84),
            Map.entry("fr", 0.824),
            Map.entry("hi", 0.692),
            Map.entry("it", 0.817),
            Map.entry("ja", 0.886),
            Map.entry("ko", 0.842),
            Map.entry("nl", 0.689),
            Map.entry("pl", 0.689),
            Map.entry("pt", 0.799),
            Map.entry("ro", 0.822),
            Map.entry("ru", 0.9),
            Map.entry("sv", 0.629),
            Map.entry("ur", 0.847),
            Map.entry("zh", 0.692)));

    private LanguageThresholds() {}

    private static SortedMap<String, Double> sorted(Map<String, Double> minima) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(minima));
    }
}
