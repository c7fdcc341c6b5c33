package io.peregrine.data.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MathAnnotatorTest {
    private static final List<String> NAMES = new MathAnnotator(MathConfig.DEFAULTS)
            .signals().stream().map(Signal::name).toList();

    private static Annotation annotate(String text) {
        return new MathAnnotator(MathConfig.DEFAULTS).annotate(Document.of("s", "math", "f", "#0", "en", text));
    }

    private static double value(String text, String signal) {
        return annotate(text).value(NAMES.indexOf(signal));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Let $x$ and $y^2$ be given.                   | 2",
                "It costs $5 and then $10 more.                | 0",
                "Prices of $5, $6 and a set of $A$.            | 1",
                "He paid 5$ and $ 6 $ too.                     | 0",
                "A display $$a+b$$ stands here.                | 1",
                "With \\(a\\) and \\[b\\] both.                | 2",
                "An escaped \\$x$ opens nothing.               | 0",
                "Never closed \\(a and $b                      | 0",
                "\\begin{align*}a&=b\\end{align*}              | 1",
                "\\begin{itemize}a\\end{itemize}               | 0",
                "Empty $$ $$ and $$$$ are not.                 | 1",
            })
    void formulasAreFoundByTheirDelimiters(String text, int formulas) {
        assertThat(value(text, "math_formulas")).isEqualTo(formulas);
    }

    @Test
    void aFormulaEndsWithItsParagraph() {
        assertThat(value("one $a\n\nb$ two", "math_formulas")).isZero();
        assertThat(value("one $a\nb$ two", "math_formulas")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\\(x\\)                                        | $x$",
                "\\[x\\]                                        | $$x$$",
                "\\begin{equation}\\label{e:1} x \\end{equation} | $$x$$",
                "\\begin{align*}a&=b\\\\c&=d\\end{align*}        | \\begin{align}a&=b\\\\c&=d\\end{align}",
                "$a\\,b\\;c$                                    | $a b c$",
                "$\\alpha\\!b$                                  | $\\alpha b$",
                "$\\alpha b$                                    | $\\alpha b$",
                "$\\displaystyle\\sum_i x_i$                    | $\\sum_i x_i$",
                "$a  +   b$                                     | $a + b$",
                "costs $5 or 50\\% of it                        | costs $5 or 50\\% of it",
            })
    void formulasAreWrittenInOneNotation(String text, String expected) {
        assertThat(annotate(text).document().text()).isEqualTo(expected);
    }

    @Test
    void commentsInFormulasGoAndTextStays() {
        assertThat(annotate("100% sure\n\\[a % twice\n+ b\\]\n% not a formula")
                        .document()
                        .text())
                .isEqualTo("100% sure\n$$a + b$$\n% not a formula");
    }

    @Test
    void normalizingTwiceChangesNothingMore() {
        String text = "\\(\\alpha\\,\\beta\\) and \\begin{gather*} a \\tag{1}\\\\ b\\nonumber \\end{gather*} for $5.";
        String once = annotate(text).document().text();
        assertThat(annotate(once).document().text()).isEqualTo(once);
    }

    @Test
    void aTextThatNothingChangesKeepsItsId() {
        Document document = Document.of("s", "math", "f", "#0", "en", "The sum $a + b$ is even.");
        assertThat(new MathAnnotator(MathConfig.DEFAULTS).annotate(document).document())
                .isSameAs(document);
        Document spaced = Document.of("s", "math", "f", "#0", "en", "The sum $a  + b$ is even.");
        assertThat(new MathAnnotator(new MathConfig(false)).annotate(spaced).document())
                .isSameAs(spaced);
    }

    @Test
    void mathematicsScoresAboveItsLimitAndAStoryBelow() {
        String proof =
                "Let $f$ be continuous on $[a, b]$. By the theorem, $\\int_a^b f(x)\\,dx$ exists. The proof follows.";
        String story = "The keeper of the lighthouse wrote down that the wind had turned and no ship was to be seen.";
        String words =
                "The lemma says that every polynomial of odd degree has a root. Proof: the theorem on continuous "
                        + "functions. A corollary: the matrix has an eigenvalue, as its determinant is a polynomial.";
        assertThat(value(proof, "math_score")).isGreaterThan(0.95).isEqualTo(value(proof, "math_score_with_latex"));
        assertThat(value(proof, "math_score_without_latex")).isNaN();
        assertThat(value(story, "math_score_without_latex")).isLessThan(0.15);
        assertThat(value(story, "math_score_with_latex")).isNaN();
        assertThat(value(words, "math_score_without_latex")).isGreaterThan(0.8);
    }

    @Test
    void theLimitsAreOpenWebMaths() {
        assertThat(MathAnnotator.RULES).extracting(Rule::limit).containsExactly(0.15, 0.8);
    }

    @Test
    void countsAreThoseOfTheDefinition() {
        MathMeasures m =
                MathMeasures.of("The matrix $A$ has x = 2 and a -> b.\n\n\u2200\u03b5 holds\n\n<b>bold</b> ends.");
        assertThat(m.formulas()).isEqualTo(1);
        assertThat(m.formulaCharacters()).isEqualTo(3);
        assertThat(m.vocabulary()).isEqualTo(1);
        assertThat(m.symbols()).isEqualTo(2);
        assertThat(m.paragraphs()).isEqualTo(3);
        assertThat(m.mathParagraphs()).isEqualTo(2);
        // x = 2, and the four brackets of the tags, which have a letter or nothing on a side: b>b is one.
        assertThat(m.relations()).isEqualTo(3);
        assertThat(MathMeasures.of("").perHundredWords(0)).isCloseTo(0, within(0.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "$$", "\\(", "\\[", "\\begin{align}", "$a ", "\\", "\\frac", "= ", "\u2200"})
    void megabytesOfOneDelimiterTakeSeconds(String bait) {
        String text = bait.repeat((4 << 20) / bait.length());
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> annotate(text));
    }
}
