package io.peregrine.rewrite.accept;

import io.peregrine.data.text.UnicodeText;
import io.peregrine.data.text.Words;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How often answers of a style begin with the same {@value #OPENING_WORDS} words: a model that has collapsed into a pattern
 * begins always in the same way. Counts are exact, and adding them up in any order gives the same.
 *
 * @param byStyle by style, by opening, how many answers
 */
public record OpeningCounts(Map<String, Map<String, Long>> byStyle) {
    private static final int OPENING_WORDS = 8;
    private static final int OPENING_CHARACTERS_MAX = 400;

    public static final OpeningCounts NONE = new OpeningCounts(Map.of());

    /**
     * The most common opening of a style.
     *
     * @param opening its words
     * @param count how many answers begin so
     * @param answers how many answers there are
     */
    public record Top(String opening, long count, long answers) {
        /** Share of the answers that begin so, 0..1. */
        public double share() {
            return (double) count / answers;
        }
    }

    public OpeningCounts {
        TreeMap<String, Map<String, Long>> copy = new TreeMap<>();
        byStyle.forEach((style, counts) -> {
            counts.forEach((opening, count) -> {
                if (count < 1) {
                    throw new IllegalArgumentException(
                            "%d answers of style %s begin with '%s': must be > 0".formatted(count, style, opening));
                }
            });
            copy.put(style, Collections.unmodifiableMap(new TreeMap<>(counts)));
        });
        byStyle = Collections.unmodifiableMap(copy);
    }

    /** One answer of a style. */
    public static OpeningCounts of(String style, String answer) {
        return new OpeningCounts(Map.of(style, Map.of(opening(answer), 1L)));
    }

    /**
     * The first words of an answer in small letters, with one blank between; all of them if there are fewer. Only the
     * first {@value #OPENING_CHARACTERS_MAX} characters are looked at.
     */
    public static String opening(String answer) {
        String body = answer.stripLeading();
        String head = UnicodeText.lower(body.substring(0, Math.min(body.length(), OPENING_CHARACTERS_MAX)));
        Words words = new Words(head);
        StringBuilder opening = new StringBuilder();
        for (int i = 0; i < OPENING_WORDS && words.next(); i++) {
            opening.append(i == 0 ? "" : " ").append(head, words.start(), words.end());
        }
        return opening.toString();
    }

    /** The counts of both. */
    public OpeningCounts plus(OpeningCounts other) {
        TreeMap<String, Map<String, Long>> sum = new TreeMap<>(byStyle);
        other.byStyle.forEach((style, counts) -> sum.merge(style, counts, OpeningCounts::added));
        return new OpeningCounts(sum);
    }

    private static Map<String, Long> added(Map<String, Long> one, Map<String, Long> other) {
        TreeMap<String, Long> sum = new TreeMap<>(one);
        other.forEach((opening, count) -> sum.merge(opening, count, Math::addExact));
        return sum;
    }

    /** The most common opening of a style, of equally common ones the first by its letters; nothing without answers. */
    public Optional<Top> top(String style) {
        Map<String, Long> counts = byStyle.getOrDefault(style, Map.of());
        long answers = counts.values().stream().mapToLong(Long::longValue).sum();
        return counts.entrySet().stream()
                .min(Comparator.comparing((Map.Entry<String, Long> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(entry -> new Top(entry.getKey(), entry.getValue(), answers));
    }
}
