package io.peregrine.data.filters.dolma;

import static io.peregrine.data.filters.Edges.dropped;
import static io.peregrine.data.filters.Edges.kept;
import static io.peregrine.data.filters.Edges.lines;
import static io.peregrine.data.filters.Edges.repeated;
import static io.peregrine.data.filters.Edges.twice;
import static io.peregrine.data.filters.Edges.word;
import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.filters.Edges;
import io.peregrine.data.filters.Edges.Edge;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DolmaAnnotatorTest {
    private static final Profile PROFILE = Profiles.load("dolma-v1");

    private final DolmaAnnotator annotator = new DolmaAnnotator(PROFILE);

    /** Both sides of every limit. A document may break other rules; only the named one is asked. */
    static List<Edge> edges() {
        List<Edge> table = new ArrayList<>(List.of(
                kept("dolma_word_count_below", "-w ".repeat(50), 50),
                dropped("dolma_word_count_below", "w ".repeat(49), 49),
                kept("dolma_word_count_above", "w\n".repeat(100_000), 100_000),
                dropped("dolma_word_count_above", "w ".repeat(100_001), 100_001),
                kept("dolma_median_word_length_below", "a abc abcdefgh", 3),
                kept("dolma_median_word_length_below", "a ab abcd abcdefgh", 3),
                dropped("dolma_median_word_length_below", "a ab abc abcdefgh", 2.5),
                kept("dolma_median_word_length_above", "a abcdefghij abcdefghijklmno", 10),
                dropped("dolma_median_word_length_above", "abcdefghij abcdefghijk", 10.5),
                // Words with a symbol, however many are in them; three full stops are none.
                kept("dolma_symbol_to_word_ratio", "##\u2026 b... c d e f g h i j", 0.1),
                dropped("dolma_symbol_to_word_ratio", "#a b c d e f g h i", 1 / 9.0),
                kept("dolma_words_with_alpha", "a 1b \u4eca d 5", 0.8),
                dropped("dolma_words_with_alpha", "a b c d e f g 5 -", 7 / 9.0),
                kept("dolma_required_word_count", "the the", 2),
                dropped("dolma_required_word_count", "The end of", 1),
                kept("dolma_bullet_lines", lines(10, 9, "* ", ""), 0.9),
                kept("dolma_bullet_lines", lines(10, 10, " -", ""), 0),
                dropped("dolma_bullet_lines", lines(11, 10, "-", ""), 10 / 11.0),
                kept("dolma_ellipsis_lines", lines(10, 3, "", "\u2026"), 0.3),
                kept("dolma_ellipsis_lines", lines(10, 10, "", "..."), 0),
                dropped("dolma_ellipsis_lines", lines(10, 4, "", "\u2026"), 0.4),
                kept("dolma_duplicate_lines", repeated(10, 3, "\n"), 0.3),
                dropped("dolma_duplicate_lines", repeated(10, 4, "\n"), 0.4),
                // Empty lines are lines: 9 of 19 are equal.
                dropped("dolma_duplicate_lines", repeated(10, 0, "\n\n"), 9 / 19.0),
                // 2 x 6 characters of 40, of 39, the words' characters alone; blanks of a repeated line do count.
                kept("dolma_duplicate_line_characters", "again!\n" + "x".repeat(28) + "\nagain!", 0.3),
                dropped("dolma_duplicate_line_characters", "again!\n" + "x".repeat(27) + "\nagain!", 12 / 39.0),
                dropped("dolma_duplicate_line_characters", "a    b\na    b", 12 / 4.0),
                kept("dolma_most_common_2gram", twice("aa bb", 40), 0.2),
                dropped("dolma_most_common_2gram", twice("aa bb", 39), 8 / 39.0),
                // Once is enough, the first of equals counts, whatever its length.
                dropped("dolma_most_common_2gram", "aaaa bbbb c", 8 / 9.0),
                kept("dolma_most_common_2gram", "a b " + "c".repeat(8) + " d", 2 / 11.0),
                kept("dolma_most_common_3gram", twice("aaa bbb ccc", 100), 0.18),
                dropped("dolma_most_common_3gram", twice("aaa bbb ccc", 99), 18 / 99.0),
                kept("dolma_most_common_4gram", twice("aa bb cc dd", 100), 0.16),
                dropped("dolma_most_common_4gram", twice("aa bb cc dd", 99), 16 / 99.0)));
        table.addAll(ngramEdges(5, 15));
        table.addAll(ngramEdges(6, 14));
        table.addAll(ngramEdges(7, 13));
        table.addAll(ngramEdges(8, 12));
        table.addAll(ngramEdges(9, 11));
        table.addAll(ngramEdges(10, 10));
        return table;
    }

    /** Words of two letters each: of 200 n-grams 2 x percent are equal, then of 199. */
    private static List<Edge> ngramEdges(int n, int percent) {
        String reason = "dolma_duplicate_" + n + "grams";
        return List.of(
                kept(reason, equalNgrams(n, 2 * percent, 200), percent / 100.0),
                dropped(reason, equalNgrams(n, 2 * percent, 199), 2 * percent / 199.0));
    }

    /** A run of {@code equal} + n - 1 equal words, which holds {@code equal} equal n-grams, then different words. */
    private static String equalNgrams(int n, int equal, int ngrams) {
        List<String> words = new ArrayList<>();
        for (int i = 0; words.size() < ngrams + n - 1; i++) {
            words.add(i < equal + n - 1 ? "\u00e9\u00e9" : word(i));
        }
        return String.join(" ", words);
    }

    @ParameterizedTest
    @MethodSource("edges")
    void atEachLimitTheValueIsTheOneWorkedOutByHand(Edge edge) {
        Edges.check(PROFILE, annotator, edge);
    }

    @Test
    void theTableHasBothSidesOfEveryRuleAndEveryRuleASignal() {
        Edges.checkComplete(PROFILE, edges());
        Edges.checkSignals(PROFILE, annotator);
    }

    @Test
    void aPhraseTwiceIsTwiceItsLettersOfAllNgramLetters() {
        // 5-grams of "a b c d e X a b c d e", one letter each: 7 of them, 2 equal.
        assertThat(Edges.value(annotator, "dolma_fraction_of_characters_in_duplicate_5grams", "a b c d e x a b c d e"))
                .isEqualTo(2 / 7.0);
    }

    @Test
    void tooFewWordsHaveNoNgramsAndNoTextHasNoWords() {
        assertThat(Edges.value(annotator, "dolma_fraction_of_characters_in_most_common_2grams", "one"))
                .isNaN();
        assertThat(Edges.value(annotator, "dolma_word_count", " \u3000 ")).isZero();
        assertThat(Edges.value(annotator, "dolma_median_word_length", "")).isZero();
    }

    @Test
    void onlyItsOwnDefinitionsAreAccepted() {
        Profile other = Profiles.load("rpv2");
        assertThatThrownBy(() -> new DolmaAnnotator(other))
                .isInstanceOf(ConfigException.class)
                .hasMessage("definitions = redpajama: must be dolma");
    }

    @Test
    void aLineRepeatedCountsEveryTime() {
        for (int n = 1; n < 6; n++) {
            for (int k = 2; k < 6; k++) {
                String text = "again\n".repeat(k - 1) + repeated(n, 1, "\n");
                assertThat(Edges.value(annotator, "dolma_fraction_of_duplicate_lines", text))
                        .isEqualTo((double) k / (n + k - 1));
            }
        }
    }

    @Test
    void lettersOfTwoUtf16UnitsMeasureAsOne() {
        forAll(200, gen -> {
            String text = gen.text().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z \n.#*-]", "q");
            assertThat(Edges.values(annotator, Edges.astral(text))).isEqualTo(Edges.values(annotator, text));
        });
    }

    @Test
    void theTextStaysAsItIsAndHostileTextIsMeasuredInOnePass() {
        for (String bait : List.of("a ".repeat(2_000_000), "\n".repeat(5_000_000), "#".repeat(5_000_000))) {
            assertThat(annotator.annotate(Edges.document(bait)).document().text())
                    .isEqualTo(bait);
        }
    }
}
