package io.peregrine.data.filters.redpajama;

import static io.peregrine.data.filters.Edges.dropped;
import static io.peregrine.data.filters.Edges.kept;
import static io.peregrine.data.filters.Edges.lines;
import static io.peregrine.data.filters.Edges.twice;
import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.filters.Edges;
import io.peregrine.data.filters.Edges.Edge;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RedPajamaAnnotatorTest {
    private static final Profile PROFILE = Profiles.load("rpv2");

    private final RedPajamaAnnotator annotator = new RedPajamaAnnotator(PROFILE);

    /** Both sides of every limit. Ratios are rounded to eight decimals, as published. */
    static List<Edge> edges() {
        return List.of(
                // Words of punctuation alone are no normalised words.
                kept("rpv2_word_count_below", "w ".repeat(50) + "-- ".repeat(9), 50),
                dropped("rpv2_word_count_below", "w ".repeat(49) + "-- ".repeat(9), 49),
                kept("rpv2_word_count_above", "w ".repeat(100_000), 100_000),
                dropped("rpv2_word_count_above", "w ".repeat(100_001), 100_001),
                kept("rpv2_mean_word_length_below", "abc (ab) \u00e9bc", 3),
                dropped("rpv2_mean_word_length_below", "abc ab abc", 2.66666667),
                kept("rpv2_mean_word_length_above", "abc-defg.hij abcdefghi abcdefghijk", 10),
                dropped("rpv2_mean_word_length_above", "abcdefghij abcdefghij abcdefghijk", 10.33333333),
                // 10 raw words, 9 raw words: a mark beside a word is a word of its own.
                kept("rpv2_symbol_to_word_ratio", "a b c d e f g h i #", 0.1),
                kept("rpv2_symbol_to_word_ratio", "a b c d e f g h i...", 0.1),
                dropped("rpv2_symbol_to_word_ratio", "a b c d e f g h\u2026", 0.11111111),
                kept("rpv2_bullet_lines", lines(10, 9, " \u2013 ", "") + "\n", 0.9),
                kept("rpv2_bullet_lines", lines(10, 10, "- ", ""), 0),
                dropped("rpv2_bullet_lines", lines(11, 10, "\u25aa", ""), 10 / 11.0),
                kept("rpv2_top_2gram", twice("aa bb", 40), 0.2),
                dropped("rpv2_top_2gram", twice("aa bb", 39), 0.20512821),
                kept("rpv2_top_2gram", "aaaa bbbb", 0));
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

    @ParameterizedTest
    @CsvSource({
        "rps_doc_frac_unique_words, 'One two one TWO three', 0.6",
        "rps_doc_unigram_entropy, 'a a b b', 0.69314718",
        "rps_doc_unigram_entropy, 'a a', 0",
        "rps_doc_frac_no_alph_words, 'a 1 \u00e9 b', 0.5",
        "rps_doc_frac_all_caps_words, 'NATO IS A4 a 4', 0.6",
        "rps_doc_frac_all_caps_words, '\u01c5X \u2160', 0.5",
        "rps_doc_frac_lines_end_with_ellipsis, 'a... \nb\u2026\nc..\nd.', 0.5",
        "rps_lines_ending_with_terminal_punctution_mark, 'a.\nb\" \nc?\u201d\nd', 0.5",
        "rps_doc_num_sentences, 'One. Two! Three?! four', 4",
        "rps_doc_num_sentences, '... !? ', 0",
        "rps_doc_num_sentences, 'v1.5 is out', 2",
        "rps_doc_num_sentences, '-- a -- b', 1",
        "rps_doc_curly_bracket, 'f(x) { y }', 0.2",
        "rps_doc_lorem_ipsum, 'Lorem, IPSUM!', 0.09090909",
        "rps_doc_frac_chars_top_3gram, 'a bb c d a bb c', 0.88888889",
        "rps_doc_frac_chars_top_4gram, 'a b c d', 0",
        "rps_doc_frac_chars_dupe_5grams, 'a b c d e x A b c d e', 0.90909091",
        "rps_doc_frac_chars_dupe_10grams, 'a b', 0"
    })
    void signalsWithoutARuleAreMeasuredToo(String signal, String text, double value) {
        assertThat(Edges.value(annotator, signal, text)).isEqualTo(value);
    }

    @Test
    void stopWordsAreMeasuredWhereAProfileHasThem() {
        assertThat(Edges.value(annotator, "rps_doc_stop_word_fraction", "the end"))
                .isNaN();
        Profile withWords =
                new Profile("own", "redpajama", PROFILE.words(), List.of("the", "of"), PROFILE.rules(), Map.of());
        RedPajamaAnnotator other = new RedPajamaAnnotator(withWords);
        assertThat(Edges.value(other, "rps_doc_stop_word_fraction", "the end of The day."))
                .isEqualTo(0.33333333);
        assertThat(Edges.value(other, "rps_doc_stop_word_fraction", "...")).isZero();
    }

    @Test
    void normalTextIsLowerCaseDecomposedAndWithoutAsciiPunctuation() {
        assertThat(NormalText.of("  Ca\u00f1a-DULCE,\u00a0\n\u201cquoted\u201d \u0130 "))
                .isEqualTo("can\u0303adulce \u201cquoted\u201d i\u0307");
        assertThat(NormalText.of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")).isEmpty();
    }

    @Test
    void ratiosAreRoundedHalfToEvenAtTheEighthDecimal() {
        // 1/512 = .001953125 exactly, so the ninth decimal is a tie.
        assertThat(Edges.value(annotator, "rps_doc_curly_bracket", "{" + "a".repeat(511)))
                .isEqualTo(0.00195312);
    }

    @Test
    void onlyItsOwnDefinitionsAreAccepted() {
        Profile other = Profiles.load("dolma-v1");
        assertThatThrownBy(() -> new RedPajamaAnnotator(other))
                .isInstanceOf(ConfigException.class)
                .hasMessage("definitions = dolma: must be redpajama");
    }

    @Test
    void repetitionDoesNotDependOnCaseOrMarks() {
        forAll(200, gen -> {
            String text = gen.text().replaceAll("[^a-zA-Z \n]", " ");
            String loud = text.toUpperCase(Locale.ROOT).replace(" ", " - ");
            for (String signal : List.of("rps_doc_frac_chars_top_2gram", "rps_doc_frac_chars_dupe_5grams")) {
                assertThat(Edges.value(annotator, signal, loud)).isEqualTo(Edges.value(annotator, signal, text));
            }
        });
    }

    @Test
    void theTextStaysAsItIsAndHostileTextIsMeasuredInOnePass() {
        for (String bait : List.of("a ".repeat(2_000_000), "a.".repeat(2_500_000), "\n\u0308".repeat(2_000_000))) {
            assertThat(annotator.annotate(Edges.document(bait)).document().text())
                    .isEqualTo(bait);
        }
    }
}
