package io.peregrine.data.filters.datatrove;

import static io.peregrine.data.filters.Edges.dropped;
import static io.peregrine.data.filters.Edges.fresh;
import static io.peregrine.data.filters.Edges.kept;
import static io.peregrine.data.filters.Edges.lines;
import static io.peregrine.data.filters.Edges.repeated;
import static io.peregrine.data.filters.Edges.word;
import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.Edges;
import io.peregrine.data.filters.Edges.Edge;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.Words;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatatroveAnnotatorTest {
    private static final Profile PROFILE = Profiles.load("datatrove-fineweb-0.10");

    private final DatatroveAnnotator annotator = new DatatroveAnnotator(PROFILE);

    /** Both sides of every limit. A document may break other rules; only the named one is asked. */
    static List<Edge> edges() {
        List<Edge> table = new ArrayList<>(List.of(
                kept("empty_text", "\n", 1),
                dropped("empty_text", "", 0),
                kept("dup_para_frac", repeated(10, 4, "\n\n"), 0.3),
                kept("dup_para_frac", " \n\n" + repeated(10, 4, "\n\n\n") + "\n\n", 0.3),
                dropped("dup_para_frac", repeated(10, 5, "\n\n"), 0.4),
                // The first occurrence does not count: 5 of 25 characters, of 24; the text is not stripped.
                kept("dup_para_char_frac", "again\n\nxxxxxxxx\n\nagain   ", 0.2),
                dropped("dup_para_char_frac", "again\n\nxxxxxxxxxx\n\nagain", 5 / 24.0),
                kept("dup_line_frac", repeated(10, 4, "\n"), 0.3),
                kept("dup_line_frac", repeated(10, 4, "\r"), 0),
                dropped("dup_line_frac", repeated(10, 5, "\n\n\n"), 0.4),
                // An empty line before the text and one behind it are the same line.
                dropped("dup_line_frac", "\nalone\n", 1 / 3.0),
                kept("dup_line_char_frac", "again\n" + "x".repeat(13) + "\nagain", 0.2),
                dropped("dup_line_char_frac", "again\n" + "x".repeat(12) + "\nagain", 5 / 24.0),
                // The first of many that occur once counts once; so does the space between its words.
                kept("top_2_gram", "aa bb " + "c".repeat(19), 0.2),
                dropped("top_2_gram", "aa bb " + "c".repeat(18), 5 / 24.0),
                dropped("top_2_gram", "x yy x yy", 8 / 9.0),
                kept("top_3_gram", "aa bb ccc " + "d".repeat(40), 9 / 50.0),
                dropped("top_3_gram", "aa bb ccc " + "d".repeat(39), 9 / 49.0),
                kept("top_4_gram", "a b c d " + "e".repeat(42), 7 / 50.0),
                dropped("top_4_gram", "a b c d " + "e".repeat(35), 7 / 43.0)));
        double[] limits = {0.15, 0.14, 0.13, 0.12, 0.11, 0.10};
        for (int n = 5; n <= 10; n++) {
            // A phrase of n words and 5 n characters, met again; the share is 5 n of the text's length.
            String phrase =
                    IntStream.range(0, n).mapToObj(i -> "ph" + word(i) + "s").collect(Collectors.joining(" "));
            String twice = phrase + " %s " + phrase;
            int length = (int) Math.ceil(5 * n / limits[n - 5] - 1e-9);
            table.add(kept("duplicated_%d_n_grams".formatted(n), filled(twice, length), 5.0 * n / length));
            table.add(dropped("duplicated_%d_n_grams".formatted(n), filled(twice, length - 1), 5.0 * n / (length - 1)));
        }
        table.addAll(List.of(
                kept("gopher_short_doc", "w ".repeat(50) + "! ".repeat(10), 50),
                dropped("gopher_short_doc", "w ".repeat(49) + "--- \uff11 \u0964 ", 49),
                kept("gopher_long_doc", "w ".repeat(100_000), 100_000),
                dropped("gopher_long_doc", "w ".repeat(100_001), 100_001),
                kept("gopher_below_avg_threshold", "abc ab ! \ud835\udc1a\ud835\udc1bcd", 3),
                dropped("gopher_below_avg_threshold", "abc ab abc", 8 / 3.0),
                kept("gopher_above_avg_threshold", "abcdefghij abcdefghi abcdefghijk", 10),
                dropped("gopher_above_avg_threshold", "abcdefghij abcdefghijk", 10.5),
                kept("gopher_too_many_hashes", "# a b c d e f g h i", 0.1),
                dropped("gopher_too_many_hashes", "# a b c d e f g h", 1 / 9.0),
                kept("gopher_too_many_ellipsis", "..... a b c d e f g h i", 0.1),
                kept("gopher_too_many_ellipsis", "\u2026 a b c d e f g h i", 0.1),
                dropped("gopher_too_many_ellipsis", "...... a b c d e f g h i", 0.2),
                kept("gopher_too_many_bullets", lines(10, 9, " - ", ""), 0.9),
                kept("gopher_too_many_bullets", lines(10, 10, "* ", ""), 0),
                dropped(
                        "gopher_too_many_bullets",
                        lines(11, 10, "\u00a0\u2022", "").replace("\n", "\u2028"),
                        10 / 11.0),
                kept("gopher_too_many_end_ellipsis", lines(10, 3, "", "... "), 0.3),
                dropped(
                        "gopher_too_many_end_ellipsis",
                        lines(10, 4, "", "\u2026\u0085").replace("\u0085\n", "\r\n"),
                        0.4),
                kept("gopher_below_alpha_threshold", "a 1b \u00e9 d 5", 0.8),
                dropped("gopher_below_alpha_threshold", "a b c 5", 0.75),
                kept("gopher_enough_stop_words", "the end of it", 2),
                dropped("gopher_enough_stop_words", "the The the", 1),
                dropped("lorem_ipsum", "one two javascript lorem ipsum", 1),
                kept("lorem_ipsum", "lorem ipsum", 0),
                kept("lorem_ipsum", "so it says {\nand then lorem ipsum", 0),
                dropped("lorem_ipsum", "{ and then LOREM Ipsum", 1),
                kept("curly_bracket", "a b { JavaScript", 0),
                dropped("curly_bracket", "a b {", 1),
                kept("late_lorem_ipsum", "a b {", 0),
                dropped("late_lorem_ipsum", "so it says {\nand then lorem ipsum", 1),
                kept("too_few_sentences", "One is. Two is. Three is.\nfour is this\nfive is this", 5),
                dropped("too_few_sentences", "One is. Two is. Three is.\nfour is this\nfive is", 4),
                kept("empty", "it has words", 1),
                dropped("empty", "only two\nor \u00a0", 0),
                kept("line_punct_ratio", sentences(25, 3), 0.12),
                dropped("line_punct_ratio", sentences(26, 3), 3 / 26.0),
                kept("short_line_ratio", shortLines(100, 67), 0.67),
                dropped("short_line_ratio", shortLines(100, 68), 0.68),
                kept(
                        "char_dup_ratio",
                        "this is said again\n" + "y b ".repeat(446) + "\nthis is said again",
                        18 / 1819.0),
                dropped(
                        "char_dup_ratio",
                        "this is said again\n" + "y b ".repeat(400) + "\nthis is said again",
                        18 / 1635.0),
                kept("list_ratio", "a b c\nd e f g\nh i j\n", 2 / 10.0),
                kept("list_ratio", "a b c\nd e f\ng h i\nj k l m", 3 / 13.0),
                dropped(
                        "list_ratio",
                        IntStream.range(0, 11).mapToObj(i -> "a b c").collect(Collectors.joining("\n")),
                        10 / 33.0)));
        return table;
    }

    /** A pattern with different words in its gap, so that it has a length. */
    private static String filled(String pattern, int length) {
        int gap = length - pattern.formatted("").length();
        StringBuilder words = new StringBuilder();
        for (int i = 0; words.length() < gap; i++) {
            words.append(words.isEmpty() ? "" : " ")
                    .append("fill")
                    .append(word(i))
                    .append("e");
        }
        words.setLength(gap);
        if (words.charAt(gap - 1) == ' ') {
            words.setCharAt(gap - 1, 'x');
        }
        return pattern.formatted(words);
    }

    private static String sentences(int total, int ended) {
        return IntStream.range(0, total)
                .mapToObj(i -> "this is line " + word(i) + (i < ended ? "?!\u3002".charAt(i) : ""))
                .collect(Collectors.joining("\n"));
    }

    /** Lines of 30 characters, which are short, and of 31. */
    private static String shortLines(int total, int few) {
        return IntStream.range(0, total)
                .mapToObj(i -> "this is " + word(i) + " " + "x".repeat(i < few ? 19 : 20))
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void bothSidesOfEveryLimit(Edge edge) {
        Edges.check(PROFILE, annotator, edge);
    }

    @Test
    void everyRuleHasBothSidesInTheTable() {
        Profile reachable = PROFILE.with(Map.of(), List.of("no_words"));
        Edges.checkComplete(reachable, edges());
    }

    @Test
    void everyRuleAsksForASignal() {
        Edges.checkSignals(PROFILE, annotator);
    }

    @Test
    void joinedWordsAreComparedWithoutRegardToWhereTheyWereCut() {
        String cut = "ab c d e f g h i j k l m n o p q ";
        String other = "a bc d e f g h i j k l m n o p q ";
        double share = Edges.value(annotator, "repetition_duplicate_5_grams", cut + other);
        assertThat(share).isEqualTo(16.0 / (cut + other).length());
    }

    @Test
    void ofEquallyFrequentRunsOfWordsTheFirstCounts() {
        String text = "a b zz cc dd yy cc dd xx a b";
        assertThat(Edges.value(annotator, "repetition_top_2_gram", text)).isEqualTo(6.0 / text.length());
    }

    @Test
    void linesAreLeftOutAndMarksTakenOut() {
        String text = String.join(
                "\n",
                "  Kept as it is [12], without marks[edit] [citation needed].  ",
                "Enable JAVASCRIPT to read on",
                "We use coo\u212aies and more",
                "see our Privacy Policy now",
                "two words",
                "one two " + "x".repeat(1001),
                "one two " + "x".repeat(1000),
                "[1] [2] [3]");
        Document left = annotator.annotate(Edges.document(text)).document();
        assertThat(left.text()).isEqualTo("Kept as it is , without marks .\none two " + "x".repeat(1000));
        assertThat(left.id()).isEqualTo(Document.idOf(left.text()));
    }

    @Test
    void aTextThatNothingIsTakenFromIsTheSameDocument() {
        Document document = Edges.document("all of this stays\nand this does too");
        assertThat(annotator.annotate(document).document()).isSameAs(document);
    }

    @Test
    void familiesThatNoRuleAsksForAreNotMeasured() {
        DatatroveAnnotator some = new DatatroveAnnotator(
                SpacyWords.english(),
                new SpacySentences(SpacyWords.english()),
                List.of("the"),
                EnumSet.of(Family.QUALITY, Family.FINEWEB));
        assertThat(some.signals()).extracting(s -> s.name().split("_")[0]).containsOnly("gopher", "fineweb");
        Document document = Edges.document("two words");
        assertThat(some.annotate(document).document()).isSameAs(document);
    }

    @Test
    void otherDefinitionsAreRefused() {
        Profile other = new Profile("p", "datatrove", Words.PROFILE, List.of(), PROFILE.rules(), Map.of());
        assertThatThrownBy(() -> new DatatroveAnnotator(other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be spacy-3.8-en");
    }

    @Test
    void measuresAreThoseOfThePlainDefinitions() {
        forAll(300, gen -> {
            String text = gen.text() + "\n" + fresh(3 + gen.size()) + " " + gen.text();
            String doubled = gen.between(0, 1) == 0 ? text : text + "\n\n" + text;
            PlainDefinitions.check(annotator, doubled);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "( ", "a b ", "\n", "a\n\n", "lorem ", "[1", "\u2026", "coo\u212aies ", "a b c d e. "})
    void timeIsLinearWhateverIsRepeated(String part) {
        String bait = part.repeat(2_000_000 / part.length());
        assertThatCode(() -> annotator.annotate(Edges.document(bait))).doesNotThrowAnyException();
    }
}
