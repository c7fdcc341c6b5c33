package io.peregrine.data.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.testing.ForAll;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private final Repetition repetition = new Repetition(1000);

    private static List<List<String>> rows(List<String> words, int n) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i + n <= words.size(); i++) {
            rows.add(words.subList(i, i + n));
        }
        return rows;
    }

    private static double characters(List<String> words) {
        return words.stream().mapToInt(String::length).sum();
    }

    private static double top(List<String> words, int n) {
        Map<List<String>, Integer> counts = new LinkedHashMap<>();
        rows(words, n).forEach(row -> counts.merge(row, 1, Integer::sum));
        int most = counts.values().stream().mapToInt(c -> c).max().orElse(0);
        double longest = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .mapToDouble(entry -> characters(entry.getKey()))
                .max()
                .orElse(0);
        return most < 2 ? 0 : Math.min(1, longest * most / characters(words));
    }

    private static double duplicates(List<String> words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        rows(words, n).forEach(row -> counts.merge(row, 1, Integer::sum));
        List<Boolean> marked = new ArrayList<>(Collections.nCopies(words.size(), false));
        for (int i = 0; i + n <= words.size(); i++) {
            if (counts.get(words.subList(i, i + n)) > 1) {
                Collections.fill(marked.subList(i, i + n), true);
            }
        }
        double covered = 0;
        for (int i = 0; i < words.size(); i++) {
            covered += marked.get(i) ? words.get(i).length() : 0;
        }
        return covered / characters(words);
    }

    @Test
    void countsAsAPlainDefinitionDoes() {
        ForAll.forAll(300, gen -> {
            StringBuilder text = new StringBuilder("x");
            for (int i = 0; i < gen.size(); i++) {
                text.append(" ;\n".charAt(gen.between(0, 2))).append("ab_9".repeat(2), 0, gen.between(0, 4));
            }
            List<String> words = Pattern.compile("\\w+")
                    .matcher(text.toString().toLowerCase(Locale.ROOT))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            repetition.read(text.toString());
            assertThat(repetition.words()).isEqualTo(words.size());
            assertThat(repetition.meanWord()).isCloseTo(characters(words) / words.size(), within(1e-12));
            assertThat(repetition.uniqueRatio())
                    .isCloseTo((double) words.stream().distinct().count() / words.size(), within(1e-12));
            for (int n = 2; n <= 10; n++) {
                assertThat(repetition.topRatio(n)).as("top %d", n).isCloseTo(top(words, n), within(1e-12));
                assertThat(repetition.duplicateRatio(n)).as("dup %d", n).isCloseTo(duplicates(words, n), within(1e-12));
            }
        });
    }

    @Test
    void whatIsBehindTheBoundIsCountedButNotCompared() {
        Repetition bounded = new Repetition(10);
        bounded.read("a b c d e f g h i j " + "k ".repeat(50));
        assertThat(bounded.words()).isEqualTo(60);
        assertThat(bounded.topRatio(2)).isZero();
        assertThat(bounded.uniqueRatio()).isEqualTo(1);
    }
}
