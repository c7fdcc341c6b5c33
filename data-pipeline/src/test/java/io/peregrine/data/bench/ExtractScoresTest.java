package io.peregrine.data.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractScoresTest {
    @Test
    void everySegmentIsCountedOnce() {
        SegmentScore score = SegmentScore.of(
                "# Heading\n\nWanted one.\nWanted\u00A0 two.\n\n- a item | b cell\n\nAdvertisement",
                List.of("Wanted one.", "Wanted two.", "item b cell", "absent"),
                List.of("Advertisement", "Imprint", "Cookies"));
        assertThat(score).isEqualTo(new SegmentScore(3, 1, 1, 2));
        assertThat(score.precision()).isEqualTo(0.75);
        assertThat(score.recall()).isEqualTo(0.75);
        assertThat(score.f1()).isEqualTo(0.75);
        assertThat(score.accuracy()).isCloseTo(5.0 / 7, within(1e-12));
        assertThat(score.plus(SegmentScore.ZERO)).isEqualTo(score);
    }

    @Test
    void anEmptyExtractMissesAllThatIsWanted() {
        assertThat(SegmentScore.of("", List.of("x"), List.of("y"))).isEqualTo(new SegmentScore(0, 1, 0, 1));
        assertThat(SegmentScore.ZERO.f1()).isZero();
    }

    @Test
    void gramsAreCountedWithRepetition() {
        // Truth: a b c d, b c d e. Extract: a b c d, b c d e, c d e f.
        OverlapScore score = OverlapScore.of("A, b c: d e f", "a b c d e");
        assertThat(score.shared()).isEqualTo(2);
        assertThat(score.extracted()).isEqualTo(3);
        assertThat(score.expected()).isEqualTo(2);
        assertThat(score.microF1()).isCloseTo(0.8, within(1e-12));
        assertThat(OverlapScore.of("x x x x x x", "x x x x").shared()).isEqualTo(1);
    }

    @Test
    void macroIsTheMeanOfPages() {
        OverlapScore both = OverlapScore.of("a b c d", "a b c d").plus(OverlapScore.of("", "p q r s t u"));
        assertThat(both.macroF1()).isEqualTo(0.5);
        assertThat(both.macroPrecision()).isEqualTo(0.5);
        assertThat(both.microPrecision()).isEqualTo(1);
        assertThat(both.microRecall()).isEqualTo(0.25);
    }

    @Test
    void shortTextsAndIdeographsHaveGramsToo() {
        assertThat(OverlapScore.of("one two", "One, two!").microF1()).isEqualTo(1);
        assertThat(OverlapScore.of("one two", "one two three").microF1()).isZero();
        assertThat(OverlapScore.of("\u4E2D\u6587\u6BB5\u843D\u6587", "\u4E2D\u6587\u6BB5\u843D")
                        .shared())
                .isEqualTo(1);
        assertThat(OverlapScore.of("", "").macroF1()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "x ^ {2} _ i; x_i^2",
                "\\left( \\frac 12 \\right).; (\\dfrac{1}{2})",
                "a \\le b; a\\leq b",
                "f''(x); f^{\\prime\\prime}(x)",
                "\\operatorname{sin} x; \\sin{x}",
                "{a \\over b+1}; \\frac{a}{b+1}",
                "\\mathbb R^n; \\mathbb{R}^{n}",
                "\\sqrt[3]{x}; \\sqrt[{3}]x",
                "\\text{if } x; \\mathrm{if}x",
                "a\\label{eq:1} &= b \\quad; a=b",
                "\\begin{array}{cc} a & b \\\\ c & d \\end{array}; \\begin{array}{ll}a&b\\\\c&d\\end{array}"
            })
    void formulasThatAreSetAlikeAreSpeltAlike(String one, String other) {
        assertThat(LatexNormal.of(one)).isNotEmpty().isEqualTo(LatexNormal.of(other));
    }

    @ParameterizedTest
    @CsvSource({"x^{ab},x^ab", "\\alpha,\\beta", "\\frac{a}{b},\\frac{b}{a}", "a_1,a^1", "x,X"})
    void formulasThatDifferStayDifferent(String one, String other) {
        assertThat(LatexNormal.of(one)).isNotEqualTo(LatexNormal.of(other));
    }

    @Test
    void brokenLatexIsReadToItsEnd() {
        assertThat(LatexNormal.of("}}{\\frac{a")).isEqualTo("\\frac{a}{}");
        assertThat(LatexNormal.of("\\")).isEqualTo("\\");
        assertThat(LatexNormal.of("{".repeat(100_000) + "x")).isNotNull();
    }

    @Test
    void aSourcesFormulasAreFoundAndItsMacrosPutIn() {
        String source = """
                \\newcommand{\\R}{\\mathbb{R}} \\def\\half#1{\\frac{#1}{2}} \\DeclareMathOperator{\\rank}{rank}
                Let $x \\in \\R$ % and not $y$
                cost \\$5 and \\(\\half{n}\\).
                \\begin{align*} a &= b \\\\ c &= \\rank d \\end{align*}
                $$ z $$ \\[ w \\]""";
        assertThat(LatexFormulas.of(source, source).stream().map(LatexNormal::of))
                .containsExactly("x\\in \\mathbb{R}", "\\frac{n}{2}", "a=b", "c=rankd", "z", "w");
    }

    @Test
    void aFormulaThatStandsTwiceMustBeFoundTwice() {
        FormulaScore score = FormulaScore.of("so $x$ is $$y^{2}$$", List.of("x", "x", "y^2", " "));
        assertThat(score).isEqualTo(new FormulaScore(1, 2, 3, 2));
        assertThat(score.recall()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(FormulaScore.missed("so $x$", List.of("x", "x"))).containsExactly("x");
    }
}
