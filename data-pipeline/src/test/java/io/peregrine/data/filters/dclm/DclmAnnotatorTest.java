package io.peregrine.data.filters.dclm;

import static io.peregrine.data.filters.Edges.dropped;
import static io.peregrine.data.filters.Edges.fresh;
import static io.peregrine.data.filters.Edges.kept;
import static io.peregrine.data.filters.Edges.lines;
import static io.peregrine.data.filters.Edges.phrase;
import static io.peregrine.data.filters.Edges.repeated;
import static io.peregrine.data.filters.Edges.twice;
import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.Edges;
import io.peregrine.data.filters.Edges.Edge;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DclmAnnotatorTest {
    private static final Profile PROFILE = Profiles.load("dclm-refinedweb");

    private final DclmAnnotator annotator = new DclmAnnotator(PROFILE);

    /** Both sides of every limit. A document may break other rules; only the named one is asked. */
    static List<Edge> edges() {
        return List.of(
                // Tokens that begin with a mark are no words here: 50 words among 60 tokens.
                kept("dclm_page_length_below", "w ".repeat(50) + "-w ".repeat(10), 50),
                dropped("dclm_page_length_below", "w ".repeat(49) + "(w ".repeat(11), 49),
                kept("dclm_page_length_above", "w ".repeat(100_000), 100_000),
                dropped("dclm_page_length_above", "w ".repeat(100_001), 100_001),
                kept("dclm_word_length_below", "abc ab, \uD835\uDC1A\uD835\uDC1Bc", 3),
                dropped("dclm_word_length_below", "abc ab abc", 8 / 3.0),
                kept("dclm_word_length_above", "abcdefghij abcdefghi abcdefghijk", 10),
                dropped("dclm_word_length_above", "abcdefghij abcdefghijk", 10.5),
                // Four spellings, summed: "#" in 10 words; "...." holds one "..."; ". . ." takes three words itself.
                kept("dclm_symbol_ratio", "#a b c d e f g h i j", 0.1),
                kept("dclm_symbol_ratio", "a.... b c d e f g h i j", 0.1),
                kept("dclm_symbol_ratio", "a . . . b c d e f g", 0.1),
                dropped("dclm_symbol_ratio", "a# b c d e f g h i\u2026 j", 0.2),
                dropped("dclm_symbol_ratio", "#a b c d e f g h i", 1 / 9.0),
                kept("dclm_bullet_count", lines(10, 9, " * ", ""), 0.9),
                kept("dclm_bullet_count", lines(10, 10, "\u2023 ", ""), 0),
                dropped("dclm_bullet_count", lines(11, 10, "\u25cf", ""), 10 / 11.0),
                dropped("dclm_bullet_count", "- a\n\n \n\u2022 b", 1),
                kept("dclm_ellipsis_count", lines(10, 3, "", " ... "), 0.3),
                dropped("dclm_ellipsis_count", lines(10, 4, "", " . . ."), 0.4),
                dropped("dclm_ellipsis_count", lines(10, 4, "", "\u2026"), 0.4),
                kept("dclm_alphabetic_word_ratio", "a 1b c\u00e9 d 5", 0.2),
                dropped("dclm_alphabetic_word_ratio", "a b c d e f g 5 -", 2 / 9.0),
                kept("dclm_stop_word", "The end of it", 2),
                kept("dclm_stop_word", "the the", 2),
                dropped("dclm_stop_word", "the, end of it", 1),
                kept("dclm_repetition_line", repeated(10, 3, "\n"), 0.3),
                kept("dclm_repetition_line", "alone", 0),
                dropped("dclm_repetition_line", repeated(10, 4, " \n\n\t"), 0.4),
                kept("dclm_repetition_paragraph", repeated(10, 3, "\n\n"), 0.3),
                dropped("dclm_repetition_paragraph", repeated(10, 4, "\n\n\n\n"), 0.4),
                // 2 x 5 characters of 50, of 49.
                kept("dclm_repetition_line_char", "again\n" + "x".repeat(40) + "\n again", 0.2),
                dropped("dclm_repetition_line_char", "again\n" + "x".repeat(39) + "\nagain", 10 / 49.0),
                kept("dclm_repetition_paragraph_char", "again\n\n" + "x".repeat(40) + "\n\nagain", 0.2),
                dropped("dclm_repetition_paragraph_char", "again\n\n" + "x".repeat(39) + "\n\nagain", 10 / 49.0),
                kept("dclm_repetition_2gram", twice("aa bb", 40), 0.2),
                dropped("dclm_repetition_2gram", twice("aa bb", 39), 8 / 39.0),
                // Punctuation is no word; of two equally frequent n-grams the longer counts; once is not repeated.
                dropped("dclm_repetition_2gram", "a b, cccc dddd! a b. cccc dddd", 16 / 20.0),
                kept("dclm_repetition_2gram", "aaaa bbbb", 0),
                kept("dclm_repetition_3gram", twice("aaa bbb ccc", 100), 0.18),
                dropped("dclm_repetition_3gram", twice("aaa bbb ccc", 99), 18 / 99.0),
                kept("dclm_repetition_4gram", twice("aa bb cc dd", 100), 0.16),
                dropped("dclm_repetition_4gram", twice("aa bb cc dd", 99), 16 / 99.0),
                kept("dclm_repetition_5gram", twice(phrase(5, 15), 200), 0.15),
                dropped("dclm_repetition_5gram", twice(phrase(5, 15), 199), 30 / 199.0),
                kept("dclm_repetition_6gram", twice(phrase(6, 14), 200), 0.14),
                dropped("dclm_repetition_6gram", twice(phrase(6, 14), 199), 28 / 199.0),
                kept("dclm_repetition_7gram", twice(phrase(7, 13), 200), 0.13),
                dropped("dclm_repetition_7gram", twice(phrase(7, 13), 199), 26 / 199.0),
                kept("dclm_repetition_8gram", twice(phrase(8, 12), 200), 0.12),
                dropped("dclm_repetition_8gram", twice(phrase(8, 12), 199), 24 / 199.0),
                kept("dclm_repetition_9gram", twice(phrase(9, 11), 200), 0.11),
                dropped("dclm_repetition_9gram", twice(phrase(9, 11), 199), 22 / 199.0),
                kept("dclm_repetition_10gram", twice(phrase(10, 10), 200), 0.1),
                dropped("dclm_repetition_10gram", twice(phrase(10, 10), 199), 20 / 199.0),
                // A counter line of two words goes: 2 of 40, of 39.
                kept("dclm_word_removal", "w ".repeat(38) + "\n3 likes", 0.05),
                dropped("dclm_word_removal", "w ".repeat(37) + "\n3 likes", 2 / 39.0),
                dropped("dclm_word_removal", "LOUD WORDS ONLY", 1));
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
    void lineBreaksAreCappedAndLinesCorrected() {
        Document document = Edges.document("First line.\n\n\n\n\nSecond line here.\n12\nREAD ME NOW\nLast line.");
        assertThat(annotator.annotate(document).document().text())
                .isEqualTo("First line.\n\nSecond line here.\nLast line.");
        Document clean = Edges.document("First line.\n\nSecond line.");
        assertThat(annotator.annotate(clean).document()).isSameAs(clean);
    }

    @Test
    void aDocumentWithoutWordsFailsByItsWordCountAlone() {
        for (String text : List.of("", " \n\n ", "...", "\uD800")) {
            assertThat(Edges.value(annotator, "dclm_words", text)).isZero();
        }
        assertThat(Edges.value(annotator, "dclm_mean_word_length", "")).isNaN();
        assertThat(Edges.value(annotator, "dclm_dup_line_ratio", " \n ")).isNaN();
        assertThat(Edges.value(annotator, "dclm_top_2gram_char_ratio", "word")).isNaN();
        assertThat(Edges.value(annotator, "dclm_removed_word_ratio", "\u00a0one\u00a0two"))
                .as("to fastText the stripped text has a word and the text none")
                .isNaN();
    }

    @Test
    void onlyItsOwnDefinitionsAreAccepted() {
        Profile other = Profiles.load("dolma-v1");
        assertThatThrownBy(() -> new DclmAnnotator(other))
                .isInstanceOf(ConfigException.class)
                .hasMessage("definitions = dolma: must be dclm");
    }

    /** Of n different lines, one k times: all k of them are duplicates, of n + k - 1 lines. */
    @Test
    void aLineRepeatedCountsEveryTime() {
        for (int n = 1; n < 6; n++) {
            for (int k = 2; k < 6; k++) {
                String text = "again\n".repeat(k - 1) + repeated(n, 1, "\n");
                assertThat(Edges.value(annotator, "dclm_dup_line_ratio", text)).isEqualTo((double) k / (n + k - 1));
            }
        }
    }

    @Test
    void aDocumentTwiceIsAllRepetition() {
        String text = fresh(60) + "\n" + fresh(30).replace('z', 'x') + "\n";
        for (String signal : Stream.of("line", "line_char")
                .map(s -> "dclm_dup_" + s + "_ratio")
                .toList()) {
            assertThat(Edges.value(annotator, signal, text + text)).isEqualTo(1);
        }
        assertThat(Edges.value(annotator, "dclm_dup_10gram_char_ratio", text + text))
                .isEqualTo(1);
    }

    @Test
    void lettersOfTwoUtf16UnitsMeasureAsOne() {
        forAll(200, gen -> {
            String text = gen.text().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z \n.#*-]", "q");
            assertThat(Edges.values(annotator, Edges.astral(text))).isEqualTo(Edges.values(annotator, text));
        });
    }

    @Test
    void hostileTextIsMeasuredInOnePass() {
        for (String bait : List.of(
                "a ".repeat(2_000_000),
                "\n".repeat(5_000_000) + "a",
                ". . .".repeat(1_000_000),
                "1,".repeat(2_500_000) + "x",
                "\u00a0".repeat(5_000_000),
                "items in cart".repeat(300_000))) {
            assertThat(annotator.annotate(Edges.document(bait)).size())
                    .isEqualTo(annotator.signals().size());
        }
    }
}
