package io.peregrine.data.filters;

import static io.peregrine.data.filters.DropReason.GOPHER_ABOVE_AVG_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_BELOW_ALPHA_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_BELOW_AVG_THRESHOLD;
import static io.peregrine.data.filters.DropReason.GOPHER_ENOUGH_STOP_WORDS;
import static io.peregrine.data.filters.DropReason.GOPHER_LONG_DOC;
import static io.peregrine.data.filters.DropReason.GOPHER_NO_WORDS;
import static io.peregrine.data.filters.DropReason.GOPHER_SHORT_DOC;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_BULLETS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_ELLIPSIS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_END_ELLIPSIS;
import static io.peregrine.data.filters.DropReason.GOPHER_TOO_MANY_HASHES;
import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GopherQualityFilterTest {
    /** Forty-eight plain words of five letters and two stop words: the shortest document that is kept. */
    private static final String KEPT = "words ".repeat(48) + "the with";

    private final DocumentFilter filter = new GopherQualityFilter(GopherConfig.DEFAULTS);

    private static Document document(String text) {
        return Document.of("test", "web", "test", "#0", "en", text);
    }

    private Verdict judge(String text) {
        return filter.judge(document(text));
    }

    /** The verdict where only these rules are switched on. */
    private static Verdict judgeOnly(String text, DropReason... rules) {
        List<String> off = Arrays.stream(DropReason.values())
                .filter(reason -> reason.filter().equals("gopher")
                        && !Arrays.asList(rules).contains(reason))
                .map(DropReason::key)
                .toList();
        GopherConfig d = GopherConfig.DEFAULTS;
        return new GopherQualityFilter(new GopherConfig(
                        d.wordsMin(),
                        d.wordsMax(),
                        d.meanWordCharactersMin(),
                        d.meanWordCharactersMax(),
                        d.hashRatioMax(),
                        d.ellipsisRatioMax(),
                        d.bulletLineRatioMax(),
                        d.ellipsisLineRatioMax(),
                        d.letterWordRatioMin(),
                        d.stopWordsMin(),
                        off))
                .judge(document(text));
    }

    private static Verdict drop(DropReason reason, double measured, double limit) {
        return new Verdict.Drop(reason, measured, limit);
    }

    @Test
    void shortDocuments() {
        assertThat(judge(KEPT)).isEqualTo(Verdict.KEEP);
        assertThat(judge(KEPT.substring(6))).isEqualTo(drop(GOPHER_SHORT_DOC, 49, 50));
        assertThat(judge(KEPT.substring(6) + " - ! ?")).isEqualTo(drop(GOPHER_SHORT_DOC, 49, 50));
        assertThat(judge("")).isEqualTo(drop(GOPHER_SHORT_DOC, 0, 50));
        assertThat(judge("word")).isEqualTo(drop(GOPHER_SHORT_DOC, 1, 50));
        assertThat(judge("!? ... -- ".repeat(50))).isEqualTo(drop(GOPHER_SHORT_DOC, 0, 50));
    }

    @Test
    void longDocuments() {
        String longest = "the with " + "words ".repeat(99_998);
        assertThat(judge(longest)).isEqualTo(Verdict.KEEP);
        assertThat(judge(longest + "word")).isEqualTo(drop(GOPHER_LONG_DOC, 100_001, 100_000));
    }

    @Test
    void nothingToMeasure() {
        assertThat(judgeOnly(" \n", GOPHER_NO_WORDS)).isEqualTo(drop(GOPHER_NO_WORDS, 0, 1));
        assertThat(judgeOnly(".", GOPHER_NO_WORDS)).isEqualTo(Verdict.KEEP);
        DropReason[] ratios = {
            GOPHER_BELOW_AVG_THRESHOLD,
            GOPHER_ABOVE_AVG_THRESHOLD,
            GOPHER_TOO_MANY_HASHES,
            GOPHER_TOO_MANY_BULLETS,
            GOPHER_BELOW_ALPHA_THRESHOLD
        };
        assertThat(judgeOnly("", ratios)).isEqualTo(Verdict.KEEP);
    }

    @Test
    void shortWords() {
        assertThat(judgeOnly("abc abc", GOPHER_BELOW_AVG_THRESHOLD)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("abc ab", GOPHER_BELOW_AVG_THRESHOLD)).isEqualTo(drop(GOPHER_BELOW_AVG_THRESHOLD, 2.5, 3));
        assertThat(judgeOnly("abc abc . !", GOPHER_BELOW_AVG_THRESHOLD)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly(". !", GOPHER_BELOW_AVG_THRESHOLD)).isEqualTo(Verdict.KEEP);
    }

    @Test
    void longWordsAreCountedInCodePoints() {
        String ten = "\uD835\uDC00".repeat(10);
        assertThat(judgeOnly(ten, GOPHER_ABOVE_AVG_THRESHOLD)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly(ten + "a", GOPHER_ABOVE_AVG_THRESHOLD))
                .isEqualTo(drop(GOPHER_ABOVE_AVG_THRESHOLD, 11, 10));
    }

    @Test
    void hashes() {
        assertThat(judgeOnly("# a b c d e f g h i", GOPHER_TOO_MANY_HASHES)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("# a b c d e f g h", GOPHER_TOO_MANY_HASHES))
                .isEqualTo(drop(GOPHER_TOO_MANY_HASHES, 1.0 / 9, 0.1));
        assertThat(judgeOnly("## a b c d e f g h i", GOPHER_TOO_MANY_HASHES))
                .isEqualTo(drop(GOPHER_TOO_MANY_HASHES, 0.2, 0.1));
    }

    @Test
    void ellipsesDoNotOverlap() {
        assertThat(judgeOnly("..... a b c d e f g h i", GOPHER_TOO_MANY_ELLIPSIS))
                .isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("...... a b c d e f g h i", GOPHER_TOO_MANY_ELLIPSIS))
                .isEqualTo(drop(GOPHER_TOO_MANY_ELLIPSIS, 0.2, 0.1));
        assertThat(judgeOnly("\u2026 a b c d e f g h", GOPHER_TOO_MANY_ELLIPSIS))
                .isEqualTo(drop(GOPHER_TOO_MANY_ELLIPSIS, 1.0 / 9, 0.1));
    }

    @Test
    void bulletLines() {
        String nine = " \u2022 a\n\t- b\n".repeat(4) + "-\n";
        assertThat(judgeOnly(nine + "a", GOPHER_TOO_MANY_BULLETS)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly(nine, GOPHER_TOO_MANY_BULLETS)).isEqualTo(drop(GOPHER_TOO_MANY_BULLETS, 1, 0.9));
        assertThat(judgeOnly(nine + "\n", GOPHER_TOO_MANY_BULLETS)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly(nine + "\u2022", GOPHER_TOO_MANY_BULLETS))
                .isEqualTo(drop(GOPHER_TOO_MANY_BULLETS, 1, 0.9));
    }

    @Test
    void linesThatEndWithAnEllipsis() {
        String three = "a... \nb\u2026\t\nc....\n";
        assertThat(judgeOnly(three + "d\n".repeat(7), GOPHER_TOO_MANY_END_ELLIPSIS))
                .isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly(three + "d\n".repeat(6), GOPHER_TOO_MANY_END_ELLIPSIS))
                .isEqualTo(drop(GOPHER_TOO_MANY_END_ELLIPSIS, 1.0 / 3, 0.3));
        assertThat(judgeOnly("a.. .", GOPHER_TOO_MANY_END_ELLIPSIS)).isEqualTo(Verdict.KEEP);
    }

    @Test
    void wordsWithoutALetter() {
        assertThat(judgeOnly("a b c d 5", GOPHER_BELOW_ALPHA_THRESHOLD)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("a b c 5", GOPHER_BELOW_ALPHA_THRESHOLD))
                .isEqualTo(drop(GOPHER_BELOW_ALPHA_THRESHOLD, 0.75, 0.8));
        assertThat(judgeOnly("a b c .", GOPHER_BELOW_ALPHA_THRESHOLD))
                .isEqualTo(drop(GOPHER_BELOW_ALPHA_THRESHOLD, 0.75, 0.8));
    }

    @Test
    void stopWordsAreDistinctAndCaseSensitive() {
        assertThat(judgeOnly("the be", GOPHER_ENOUGH_STOP_WORDS)).isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("to of and that have with", GOPHER_ENOUGH_STOP_WORDS))
                .isEqualTo(Verdict.KEEP);
        assertThat(judgeOnly("the the THE Be", GOPHER_ENOUGH_STOP_WORDS))
                .isEqualTo(drop(GOPHER_ENOUGH_STOP_WORDS, 1, 2));
    }

    @Test
    void theFirstBrokenRuleDecidesAndEachCanBeSwitchedOff() {
        List<DropReason> order =
                filter.checks(document("")).stream().map(Check::reason).toList();
        List<DropReason> all = Arrays.stream(DropReason.values())
                .filter(reason -> reason.filter().equals("gopher"))
                .toList();
        assertThat(order).isEqualTo(all);
        assertThat(judgeOnly("")).isEqualTo(Verdict.KEEP);
        assertThat(judge("# ... 1")).isEqualTo(drop(GOPHER_SHORT_DOC, 1, 50));
    }

    @Test
    void linesAreThoseOfPython() {
        assertThat(GopherMeasures.of("").lines()).isZero();
        assertThat(GopherMeasures.of("a").lines()).isEqualTo(1);
        assertThat(GopherMeasures.of("a\n").lines()).isEqualTo(1);
        assertThat(GopherMeasures.of("\r\n\n\ra").lines()).isEqualTo(4);
        assertThat(GopherMeasures.of("a\u000bb\fc\u001cd\u001de\u001ef\u0085g\u2028h\u2029i\u001fj")
                        .lines())
                .isEqualTo(9);
    }

    @Test
    void aTextTwiceHasTheRatiosOfTheTextOnce() {
        forAll(300, gen -> {
            String line = gen.text() + "\n";
            GopherMeasures once = GopherMeasures.of(line);
            GopherMeasures twice = GopherMeasures.of(line + line);
            assertThat(twice)
                    .isEqualTo(new GopherMeasures(
                            2 * once.words(),
                            2 * once.plainWords(),
                            2 * once.plainWordCharacters(),
                            2 * once.hashes(),
                            2 * once.ellipses(),
                            2 * once.lines(),
                            2 * once.bulletLines(),
                            2 * once.ellipsisLines(),
                            2 * once.letterWords(),
                            once.stopWords()));
        });
    }

    @Test
    void aStricterLimitNeverKeepsMore() {
        forAll(200, gen -> {
            String text = gen.text().repeat(10);
            for (Check check : filter.checks(document(text))) {
                double stricter = check.side() == Check.Side.BELOW ? check.limit() + 1 : check.limit() / 2;
                Check strict = new Check(check.reason(), check.measured(), check.side(), stricter);
                assertThat(strict.broken() || !check.broken()).as("%s", check).isTrue();
            }
        });
    }

    @Test
    void hostileTextsAreMeasuredInOnePass() {
        for (String text : new String[] {
            "a".repeat(1 << 20),
            ".".repeat(1 << 20),
            "\uD800".repeat(1 << 20),
            "\u0301".repeat(1 << 20),
            "\r".repeat(1 << 20),
            "1,".repeat(1 << 19),
            "don'".repeat(1 << 18)
        }) {
            assertThat(GopherMeasures.of(text).words()).isBetween(0L, 1L << 20);
        }
    }
}
