package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulasTest {
    private static String mathMl(String inner) {
        Element math = Jsoup.parse("<math>" + inner + "</math>").selectFirst("math");
        return MathMl.latex(math);
    }

    private static String text(String html) {
        return HtmlToText.extract("<main><p>" + html + "</p></main>").text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '"',
            value = {
                "<mi>x</mi><mo>+</mo><mn>2</mn> @ x+2",
                "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac> @ \\frac{a}{b+1}",
                "<mfrac bevelled='true'><mi>a</mi><mi>b</mi></mfrac> @ a/b",
                "<mo>(</mo><mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac><mo>)</mo><mi>z</mi> @ \\binom{n}{k}z",
                "<msqrt><mi>x</mi><mi>y</mi></msqrt> @ \\sqrt{xy}",
                "<mroot><mi>x</mi><mn>3</mn></mroot> @ \\sqrt[3]{x}",
                "<msub><mi>a</mi><mi>i</mi></msub> @ a_{i}",
                "<msup><mi>f</mi><mo>&#x2032;</mo></msup> @ f'",
                "<msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup> @ a_{i}^{2}",
                "<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup> @ {ab}^{2}",
                "<munderover><mo>&#x2211;</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi> @ \\sum_{i=1}^{n}i",
                "<munder><mi>lim</mi><mrow><mi>x</mi><mo>&#x2192;</mo><mn>0</mn></mrow></munder><mi>f</mi> @ \\lim_{x\\to0}f",
                "<mover><mi>x</mi><mo>&#xAF;</mo></mover> @ \\bar{x}",
                "<mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>&#x2192;</mo></mover> @ \\overrightarrow{AB}",
                "<munder><munder><mrow><mi>a</mi><mi>b</mi></mrow><mo>&#x23DF;</mo></munder><mi>n</mi></munder> @ \\underbrace{ab}_{n}",
                "<mover><mo>=</mo><mtext>def</mtext></mover> @ \\overset{\\text{def}}{=}",
                "<munderover><mi>X</mi><mi>a</mi><mi>b</mi></munderover> @ \\overset{b}{\\underset{a}{X}}",
                "<mover><mo>&#x2192;</mo><mi>f</mi></mover> @ \\xrightarrow{f}",
                "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr></mtable> @ \\begin{matrix} a & b \\\\ c \\end{matrix}",
                "<mfenced open='[' close=')' separators=';'><mi>a</mi><mi>b</mi></mfenced> @ [a;b)",
                "<menclose notation='box'><mi>x</mi></menclose> @ \\boxed{x}",
                "<mmultiscripts><mi>X</mi><mi>c</mi><mi>d</mi><mprescripts/><mi>a</mi><none/></mmultiscripts> @ {}_{a}X_{c}^{d}",
                "<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi> @ \\sin x",
                "<mi>rank</mi><mi>A</mi> @ \\operatorname{rank}A",
                "<mi>&#x03B1;</mi><mi>b</mi> @ \\alpha b",
                "<mi mathvariant='double-struck'>R</mi><mi>&#x211D;</mi><mi>&#x1D504;</mi> @ \\mathbb{R}\\mathbb{R}\\mathfrak{A}",
                "<mi mathvariant='normal'>d</mi><mi mathvariant='normal'>&#x393;</mi> @ \\mathrm{d}\\Gamma",
                "<mtext>if 5% </mtext><mi>x</mi> @ \\text{if 5\\% }x",
                "<semantics><mi>y</mi><annotation encoding='text/plain'>no</annotation></semantics> @ y",
                "<mstyle><mpadded><mi>z</mi></mpadded></mstyle> @ z",
                "<msup/><mi>a</mi> @ a",
                "<mfrac><mi>a</mi></mfrac> @ \\frac{a}{}"
            })
    void presentationMathMlIsLatex(String inner, String latex) {
        assertThat(mathMl(inner)).isEqualTo(latex);
    }

    @Test
    void everySourceOfAFormulaIsReadOnce() {
        assertThat(text("""
                K <span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi>
                <annotation encoding="application/x-tex">x_1</annotation></semantics></math></span>
                <span class="katex-html" aria-hidden="true">x1</span></span>,
                J <span class="MathJax_Preview">pre</span><span class="MathJax"><nobr>drawn</nobr></span>
                <script type="math/tex">y_1</script>,
                W <span class="mwe-math-element"><span style="display: none;"><math alttext="{\\displaystyle z_1}"><mi>z</mi></math></span>
                <img aria-hidden="true" class="mwe-math-fallback-image-inline" alt="{\\displaystyle z_1}"></span>,
                E <span data-expr="w_1">w1</span>, P <span class="wp-katex-eq" data-display="true">v_1</span>.""")).isEqualTo("K $x_1$, J $y_1$, W $z_1$, E $w_1$, P $$v_1$$.");
    }

    @Test
    void imagesOfFormulasAreTheirLatex() {
        assertThat(text("a <img class='latex' alt='\\alpha'> b <img src='https://latex.codecogs.com/gif.latex?x%5E2+1'>"
                        + " c <img src='/latex.php?latex=%5Cbeta&bg=fff' alt='beta'> d <img src='/cgi-bin/mimetex.cgi?\\frac% 12'>"
                        + " e <img src='/photo.png?x=1' alt='a dog'>"))
                .isEqualTo("a $\\alpha$ b $x^2+1$ c $\\beta$ d $\\frac% 12$ e");
    }

    @Test
    void displayedFormulasHaveTwoDollarSigns() {
        assertThat(text("So <math display='block'><mi>x</mi></math> holds.")).isEqualTo("So $$x$$ holds.");
        assertThat(text("So <script type='math/tex; mode=display'>x</script> holds."))
                .isEqualTo("So $$x$$ holds.");
        assertThat(text(
                        "So <span class='katex-display'><span class='katex'><math><annotation encoding='application/x-tex'>x"
                                + "</annotation></math></span></span> holds."))
                .isEqualTo("So $$x$$ holds.");
    }

    @Test
    void theRowsOfAnAlignedEquationAreFormulas() {
        assertThat(HtmlToText.extract("""
                <main><p>Then</p><table class="ltx_equationgroup"><tr><td><math alttext="\\displaystyle a"></math></td>
                <td><math alttext="\\displaystyle=b"></math></td><td>(1)</td></tr></table><p>follows.</p></main>""").text()).isEqualTo("Then\n\n$$a =b$$\n\nfollows.");
    }

    @Test
    void delimitersInTheTextAreLeftAlone() {
        assertThat(text("Let $a_1$ and \\(b\\) and <span class='math-container'>$$c$$</span> be."))
                .isEqualTo("Let $a_1$ and \\(b\\) and $$c$$ be.");
    }

    @Test
    void brokenLinesOfLatexAreJoined() {
        assertThat(text("Let <math alttext='a+%\n b\\%\n'></math> be.")).isEqualTo("Let $a+b\\%$ be.");
    }
}
