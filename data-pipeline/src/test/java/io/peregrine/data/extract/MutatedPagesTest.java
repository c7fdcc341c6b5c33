package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pages damaged at random: there is always a text, a well-formed one if the page was decoded, and never an exception. */
class MutatedPagesTest {
    private static final String PAGE = """
            <!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>On the tide</title>
            <script type="application/ld+json">{"@type": "Article", "articleBody": "The sea comes &amp; goes.\\n\\nTwice."}</script>
            </head><body><header><nav class="menu"><a href="/a">Home</a> <a href="/b">News</a></nav></header>
            <main id="content"><article><h1>On the <i>tide</i></h1><p>The sea comes and goes twice a day, as everyone on this coast
            knows; <a href="/x">and few ask why</a>.<sup>2</sup></p><blockquote><p>It is the moon.</p></blockquote>
            <ul><li>high water<ol><li>spring</li></ol></li><li>low water</li></ul><table><tr><th>h</th><td>3.1 m</td></tr></table>
            <pre class="language-java">int h = 3;\\n  h++;</pre><dl><dt>neap</dt><dd>a weak tide</dd></dl>
            <p>So $h(t) = \\\\frac{1}{2}$ and <math alttext="x^2"><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>(</mo>
            <mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo><munderover><mo>&sum;</mo><mi>i</mi><mi>n</mi></munderover>
            <mtable><mtr><mtd>1</mtd></mtr></mtable></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math>
            <img class="latex" alt="\\\\alpha" src="a.png"> <script type="math/tex">y</script></p></article>
            <aside class="related">Related articles</aside></main><footer>(c) Us</footer></body></html>
            """;

    private static final String[] CHARSETS = {"UTF-8", "UTF-16LE", "UTF-16BE", "Shift_JIS", "windows-1252", "GB18030"};

    private static byte[] mutated(ForAll.Gen gen, byte[] page) {
        byte[] bytes = page.clone();
        for (int i = gen.between(0, gen.size()); i > 0 && bytes.length > 1; i--) {
            int at = gen.between(0, bytes.length - 1);
            int length = Math.min(gen.between(1, 40), bytes.length - at);
            int to = gen.between(0, bytes.length - length);
            switch (gen.between(0, 3)) {
                case 0 -> bytes[at] = (byte) gen.between(0, 255);
                case 1 -> System.arraycopy(page, Math.min(at, page.length - length), bytes, to, length);
                case 2 -> Arrays.fill(bytes, at, at + length, bytes[at]);
                default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - length));
            }
        }
        return bytes;
    }

    @Test
    void aDamagedPageIsReadAllTheSame() {
        ForAll.forAll(600, gen -> {
            String charset = CHARSETS[gen.between(0, CHARSETS.length - 1)];
            byte[] bytes = mutated(gen, PAGE.getBytes(Charset.forName(charset)));
            Optional<String> header = Optional.of(charset).filter(any -> gen.between(0, 1) == 0);
            String text = HtmlToText.extract(Charsets.decodeHtml(bytes, header)).text();
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        });
    }
}
