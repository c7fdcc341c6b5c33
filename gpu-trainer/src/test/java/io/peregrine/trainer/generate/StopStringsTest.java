package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StopStringsTest {
    private static String through(List<String> stops, String... pieces) {
        StopStrings strings = new StopStrings(stops);
        StringBuilder text = new StringBuilder();
        for (String piece : pieces) {
            text.append(strings.add(piece));
        }
        return text + strings.end() + (strings.stopped() ? "|" : "");
    }

    @Test
    void textStopsBeforeTheFirstStop() {
        assertThat(through(List.of("."), "One. Two.")).isEqualTo("One|");
        assertThat(through(List.of("END"), "a E", "N", "D b")).isEqualTo("a |");
        assertThat(through(List.of("END"), "a E", "N", "E b")).isEqualTo("a ENE b");
        assertThat(through(List.of("END"), "a EN")).isEqualTo("a EN");
        assertThat(through(List.of(), "a", "b")).isEqualTo("ab");
        assertThat(through(List.of("x"), "ab")).isEqualTo("ab");
    }

    @Test
    void theStopThatBeginsFirstCounts() {
        assertThat(through(List.of("abc", "b"), "xa", "b", "d")).isEqualTo("xa|");
        assertThat(through(List.of("abc", "b"), "xa", "b", "c")).isEqualTo("x|");
        assertThat(through(List.of("abc", "b"), "xa", "b")).isEqualTo("xa|");
        assertThat(through(List.of("aab"), "aaab")).isEqualTo("a|");
    }

    @Test
    void whatIsHeldBackIsOnlyWhatMayBeTheBeginningOfAStop() {
        StopStrings strings = new StopStrings(List.of("\n\nUser:"));
        assertThat(strings.add("one\n")).isEqualTo("one");
        assertThat(strings.add("two")).isEqualTo("\ntwo");
        assertThat(strings.add("\n\nUs")).isEmpty();
        assertThat(strings.add("e")).isEmpty();
        assertThat(strings.add("d")).isEqualTo("\n\nUsed");
    }

    /** However a text is cut into pieces, what comes through is the text up to the first stop. */
    @Test
    void piecesDoNotMatter() {
        SeedStream draws = SeedStream.of(5);
        for (int round = 0; round < 2_000; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = 0; i <= draws.nextInt(3); i++) {
                stops.add(word(draws, 1 + draws.nextInt(4)));
            }
            String text = word(draws, 24);
            int first = stops.stream()
                    .mapToInt(text::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(-1);
            List<String> pieces = new ArrayList<>();
            for (int at = 0; at < text.length(); ) {
                int next = Math.min(text.length(), at + 1 + draws.nextInt(5));
                pieces.add(text.substring(at, next));
                at = next;
            }
            assertThat(through(stops, pieces.toArray(String[]::new)))
                    .as("%s up to %s", pieces, stops)
                    .isEqualTo(first < 0 ? text : text.substring(0, first) + "|");
        }
    }

    private static String word(SeedStream draws, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + draws.nextInt(3)));
        }
        return word.toString();
    }
}
