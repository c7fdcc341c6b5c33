package io.peregrine.data.lists;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AhoCorasickTest {
    private static List<String> found(List<String> patterns, String text) {
        List<String> found = new ArrayList<>();
        new AhoCorasick(patterns)
                .find(text, (pattern, start, end) -> found.add(patterns.get(pattern) + "@" + start + "-" + end));
        return found;
    }

    @Test
    void patternsInsideOthersAreFoundToo() {
        assertThat(found(List.of("he", "she", "hers", "his"), "ushers"))
                .containsExactly("she@1-4", "he@2-4", "hers@2-6");
        assertThat(found(List.of("aa"), "aaaa")).containsExactly("aa@0-2", "aa@1-3", "aa@2-4");
        assertThat(found(List.of("ab", "ab"), "ab")).containsExactly("ab@0-2");
        assertThat(found(List.of(), "anything")).isEmpty();
        assertThat(found(List.of("\u00e9t\u00e9", "\ud83d\ude00"), "l'\u00e9t\u00e9 \ud83d\ude00"))
                .containsExactly("\u00e9t\u00e9@2-5", "\ud83d\ude00@6-8");
    }

    @Test
    void whatSearchingForEachPatternFindsIsFound() {
        forAll(300, gen -> {
            Set<String> patterns = new LinkedHashSet<>();
            for (int i = gen.between(1, 8); i > 0; i--) {
                patterns.add(word(gen.random().nextInt(4) + 1, gen));
            }
            String text = word(gen.size(), gen);
            Set<String> expected = new LinkedHashSet<>();
            for (String pattern : patterns) {
                for (int at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) {
                    expected.add(pattern + "@" + at + "-" + (at + pattern.length()));
                }
            }
            assertThat(found(List.copyOf(patterns), text)).containsExactlyInAnyOrderElementsOf(expected);
        });
    }

    private static String word(int length, io.peregrine.data.testing.ForAll.Gen gen) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + gen.random().nextInt(2)));
        }
        return word.toString();
    }

    @Test
    void anEmptyPatternIsRefused() {
        assertThatThrownBy(() -> new AhoCorasick(List.of("a", ""))).hasMessage("pattern 1: must not be empty");
    }
}
