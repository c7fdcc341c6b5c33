package io.peregrine.data.filters.datatrove;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.filters.Edges;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.Spans;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The repetition rules in the plainest Java, on strings, for comparison. */
final class PlainDefinitions {
    private PlainDefinitions() {}

    static void check(Annotator annotator, String text) {
        List<String> words = words(text);
        double length = text.codePointCount(0, text.length());
        String stripped = strip(text);
        is(annotator, text, "paragraph_characters", again(List.of(stripped.split("\n{2,}", -1))) / length);
        is(annotator, text, "line_characters", again(List.of(text.split("\n+", -1))) / length);
        for (int n = 2; n <= 4; n++) {
            is(annotator, text, "top_%d_gram".formatted(n), words.size() < n ? Double.NaN : top(words, n) / length);
        }
        for (int n = 5; n <= 10; n++) {
            is(annotator, text, "duplicate_%d_grams".formatted(n), duplicates(words, n) / length);
        }
    }

    private static void is(Annotator annotator, String text, String signal, double expected) {
        assertThat(Edges.value(annotator, "repetition_" + signal, text))
                .as(signal + " of " + text)
                .isEqualTo(Double.valueOf(expected));
    }

    private static List<String> words(String text) {
        Spans spans = new Spans();
        SpacyWords.english().split(text, spans);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            words.add(text.substring(spans.start(i), spans.end(i)));
        }
        return words;
    }

    private static String strip(String text) {
        return text.replaceAll("(?U)^[\\s\\x1c-\\x1f]+|[\\s\\x1c-\\x1f]+$", "");
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static long again(List<String> parts) {
        Set<String> met = new HashSet<>();
        return parts.stream()
                .filter(part -> !met.add(part))
                .mapToLong(PlainDefinitions::characters)
                .sum();
    }

    private static double top(List<String> words, int n) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i + n <= words.size(); i++) {
            counts.merge(String.join(" ", words.subList(i, i + n)), 1, Integer::sum);
        }
        String best = "";
        for (String gram : counts.keySet()) {
            best = best.isEmpty() || counts.get(gram) > counts.get(best) ? gram : best;
        }
        return (double) characters(best) * counts.get(best);
    }

    private static double duplicates(List<String> words, int n) {
        Set<String> met = new HashSet<>();
        long sum = 0;
        int i = 0;
        while (i + n <= words.size()) {
            String gram = String.join("", words.subList(i, i + n));
            boolean first = met.add(gram);
            sum += first ? 0 : characters(gram);
            i += first ? 1 : n;
        }
        return sum;
    }
}
