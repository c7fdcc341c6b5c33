package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlToTextTest {
    private static final String LONG =
            "This paragraph is long enough to be taken for text by its length alone, whatever stands around it on the page.";

    private static String text(String body) {
        return HtmlToText.extract("<html><body>" + body + "</body></html>").text();
    }

    private static String inMain(String body) {
        return text("<main>" + body + "</main>");
    }

    @Test
    void headingsListsTablesAndCodeKeepTheirShape() {
        assertThat(inMain("""
                <h1>Title</h1><p>First   paragraph,
                with <b>bold</b> and a<br>break.</p>
                <h2>List</h2><ul><li>one<li>two <ol><li>deep</li><li>deeper</li></ol></li></ul>
                <h2>Table</h2><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
                <h2>Code</h2><pre>
                  if (x) {
                    y();
                  }
                </pre><dl><dt>term</dt><dd>meaning</dd></dl>""")).isEqualTo("""
                # Title

                First paragraph, with bold and a
                break.

                ## List

                - one
                - two
                  1. deep
                  2. deeper

                ## Table

                a | b
                1 | 2

                ## Code

                ```
                  if (x) {
                    y();
                  }
                ```

                term
                - meaning""");
    }

    @Test
    void anItemThatWritesItsOwnMarkHasItOnce() {
        // LaTeXML's lists: the mark is a text of its own, and the browser's is switched off.
        String item = "<li style='list-style-type:none'><span>%s</span> <div><p>%s</p></div></li>";
        assertThat(inMain("<p>" + LONG + "</p><ol>" + item.formatted("1.", "Find a variable.")
                        + item.formatted("(b)", "Complete the square.") + "</ol><ul>"
                        + item.formatted("\u2022", "Let A be a matrix.") + "<li>2.</li><li>x.</li><li>Yes.</li></ul>"))
                .contains("1. Find a variable.\n(b) Complete the square.", "- Let A be a matrix.\n- Yes.");
    }

    @Test
    void navigationAndFurnitureAreLeftOut() {
        assertThat(text("""
                <header role="banner"><a href=/>Home</a></header>
                <nav><ul><li><a href=/a>Products</a></li><li><a href=/b>About us</a></li></ul></nav>
                <div class="cookie-consent">We use cookies to make the site better for you and for us.</div>
                <div id="content-adapter"><h1>News</h1><p>%s</p><p>Short one.</p><p>%s</p></div>
                <div><a href=/1>Another story</a> <a href=/2>And one more story</a></div>
                <div class="relatedPosts">You may also like this very long teaser text about something else.</div>
                <footer>Copyright 2024. All rights reserved by the company that made this page.</footer>
                <script>var x = "not text";</script><style>p { color: red }</style>""".formatted(LONG, LONG))).isEqualTo("# News\n\n" + LONG + "\n\nShort one.\n\n" + LONG);
    }

    @Test
    void anUnmarkedPageKeepsItsTextOnly() {
        assertThat(text("<div><span>Login</span></div><div>Menu</div><p>" + LONG + "</p><div>12 views</div>"))
                .isEqualTo(LONG);
        assertThat(text("<div>Login</div><div>Menu</div>")).isEmpty();
        assertThat(text("")).isEmpty();
    }

    @Test
    void aHeadingWithoutTextIsDropped() {
        assertThat(inMain("<h1>Page</h1><h2>Empty</h2><h2>Full</h2><p>Text.</p><h2>Last</h2>"))
                .isEqualTo("# Page\n\n## Full\n\nText.");
        assertThat(inMain("<h1>Page</h1><h2>Part</h2><h3>Empty</h3><h3>Full</h3><p>Text.</p>"))
                .isEqualTo("# Page\n\n## Part\n\n### Full\n\nText.");
    }

    @Test
    void formulasAreLatex() {
        assertThat(inMain("""
                <p>Let <math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>
                and <math alttext="\\alpha"><mi>a</mi></math>, <math><mi>y</mi></math>,
                <script type="math/tex; mode=display">\\sum_i i</script> and <img class="tex" alt="e^x">
                with 2<sup>10</sup>, x<sub>i</sub>, a<sup>n+1</sup>, H<sub>2</sub>O, the 1<sup>st</sup>.<sup><a>[3]</a></sup></p>"""))
                .isEqualTo(
                        "Let $x^2$ and $\\alpha$, $y$, $$\\sum_i i$$ and $e^x$ with 2^10, x_i, a^(n+1), H2O, the 1st.");
    }

    @Test
    void javadocPagesReadLikeDocumentation() {
        String page = """
                <div class="flex-box"><header role="banner"><nav><div class="top-nav">Overview</div></nav></header>
                <main role="main"><div class="header"><h1 title="Class A" class="title">Class A</h1></div>
                <div class="inheritance">java.lang.Object</div>
                <section class="class-description"><div class="type-signature"><span>public class </span><span>A</span></div>
                <div class="block">Does a thing.</div></section>
                <section class="summary"><h2>Method Summary</h2>
                <div class="summary-table three-column-summary"><div class="table-header col-first">Modifier</div>
                <div class="table-header col-second">Method</div><div class="table-header col-last">Description</div>
                <div class="col-first"><code>int</code></div><div class="col-second"><code><a href=#>size</a>()</code></div>
                <div class="col-last"><div class="block">How many there are.</div></div></div>
                <div class="inherited-list"><h3>Methods inherited from class Object</h3>
                <code><a href=#>clone</a>, <a href=#>equals</a>, <a href=#>finalize</a></code></div></section>
                <section class="details"><ul class="member-list"><li><section><h2>Method Details</h2>
                <ul><li><section id="size()"><h3>size</h3><div class="member-signature"><span>public</span> <span>int</span> size()</div>
                <div class="block">How many there are now.</div>
                <dl class="notes"><dt>Returns:</dt><dd>a number &gt;= 0</dd></dl></section></li></ul></section></li></ul></section>
                </main></div>""";
        assertThat(text(page)).isEqualTo("""
                # Class A

                ```
                public class A
                ```

                Does a thing.

                ## Method Summary

                int | size() | How many there are.

                ## Method Details

                ### size

                ```
                public int size()
                ```

                How many there are now.

                Returns:
                - a number >= 0""");
    }

    @Test
    void theTitleBeforeTheContentIsKept() {
        assertThat(text("<div class=header><h2 class=title>Class B</h2></div><div class=contentContainer><p>" + LONG
                        + "</p></div>"))
                .isEqualTo("# Class B\n\n" + LONG);
    }

    @Test
    void chineseParagraphsAreShorter() {
        String chinese =
                "\u4E2D\u6587\u6BB5\u843D\u6BD4\u82F1\u6587\u77ED\uFF0C\u4F46\u662F\u4E5F\u662F\u6B63\u6587\u3002";
        assertThat(text("<div>\u767B\u5F55</div><p>" + chinese + "</p><p>" + chinese + "</p>"))
                .isEqualTo(chinese + "\n\n" + chinese);
    }

    @Test
    void theDeclaredLanguageIsItsPrimarySubtag() {
        assertThat(HtmlToText.extract("<html lang='DE-at'><p>x").language()).hasValue("de");
        assertThat(HtmlToText.extract("<html lang='???'><p>x").language()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<b><p>",
                "<table><tr><td>",
                "<a href=x><b><i>",
                "<ul><li>",
                "<span class='nav-x y'>a",
                "<math><sup>",
                "<sup><a>x",
                "&lt",
                "<!--",
                "<svg><desc>",
                "<li><h1>",
                "<dl><dd>",
                "</p>",
                "<x y=z "
            })
    void hostilePagesTakeLinearTime(String part) {
        String page = "<body>" + part.repeat(1_000_000 / part.length());
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatCode(() -> HtmlToText.extract(page)).doesNotThrowAnyException());
    }
}
