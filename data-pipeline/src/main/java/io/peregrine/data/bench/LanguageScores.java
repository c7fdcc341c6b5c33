package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which languages were found where others are right, and the tables of it. */
final class LanguageScores {
    private static final int WORST_PAIRS = 20;

    private final Map<String, Map<String, Integer>> foundByRight = new TreeMap<>();
    private final Map<String, List<Double>> rightConfidences = new TreeMap<>();

    /** Counts an answer. */
    void add(String right, String found, double confidence) {
        foundByRight.computeIfAbsent(right, key -> new TreeMap<>()).merge(found, 1, Integer::sum);
        if (right.equals(found)) {
            rightConfidences.computeIfAbsent(right, key -> new ArrayList<>()).add(confidence);
        }
    }

    int documents() {
        return foundByRight.values().stream().mapToInt(LanguageScores::sum).sum();
    }

    int documents(String right) {
        return sum(foundByRight.getOrDefault(right, Map.of()));
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    int count(String right, String found) {
        return foundByRight.getOrDefault(right, Map.of()).getOrDefault(found, 0);
    }

    /** Share of the documents in these languages that were found to be in theirs; NaN without documents. */
    double accuracy(List<String> languages) {
        int right = languages.stream()
                .mapToInt(language -> count(language, language))
                .sum();
        return (double) right / languages.stream().mapToInt(this::documents).sum();
    }

    /** Share of the documents in other languages that were taken for one of these; NaN without such documents. */
    double falseAccepts(List<String> languages) {
        int others = 0;
        int accepted = 0;
        for (String right : foundByRight.keySet()) {
            if (!languages.contains(right)) {
                others += documents(right);
                accepted += languages.stream()
                        .mapToInt(found -> count(right, found))
                        .sum();
            }
        }
        return (double) accepted / others;
    }

    double recall(String language) {
        return (double) count(language, language) / documents(language);
    }

    double precision(String language) {
        int found = foundByRight.keySet().stream()
                .mapToInt(right -> count(right, language))
                .sum();
        return (double) count(language, language) / found;
    }

    List<String> languages() {
        return List.copyOf(foundByRight.keySet());
    }

    /** One line a language: documents, precision, recall, first percentile of the confidence of right answers. */
    List<String> table(List<String> languages) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "%-8s %9s %9s %9s %9s", "language", "documents", "precision", "recall", "conf. 1%"));
        for (String language : languages) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-8s %9d %9.4f %9.4f %9.3f",
                    language,
                    documents(language),
                    precision(language),
                    recall(language),
                    firstPercentile(rightConfidences.getOrDefault(language, List.of()))));
        }
        return lines;
    }

    private static double firstPercentile(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 100);
    }

    /** The pairs confused most often, as {@code right > found: documents}. */
    List<String> worstPairs() {
        Map<String, Integer> pairs = new TreeMap<>();
        foundByRight.forEach((right, byFound) -> byFound.forEach((found, count) -> {
            if (!right.equals(found)) {
                pairs.put(right + " > " + found, count);
            }
        }));
        return pairs.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(WORST_PAIRS)
                .map(pair -> pair.getKey() + ": " + pair.getValue())
                .toList();
    }
}
