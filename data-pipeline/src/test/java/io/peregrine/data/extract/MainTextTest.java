package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which parts of a page are its main text. */
class MainTextTest {
    private static final String ONE =
            "The ferry leaves the northern pier at seven and reaches the island before the bakery there opens its doors.";
    private static final String TWO =
            "Nobody on board had expected rain, but the captain had packed forty yellow coats and handed them out.";
    private static final String OTHER =
            "Somebody wrote a long and friendly remark below the story, and it should not become a part of the story itself.";

    private static final String MORE =
            "Another tale, of another pier, told somewhere else, but told just as well, they say.";

    private static String text(String body) {
        return HtmlToText.extract("<html><body>" + body + "</body></html>").text();
    }

    private static String article(String more) {
        return text("<article><h1>Ferry</h1><p>" + ONE + "</p>" + more + "<p>" + TWO + "</p></article>");
    }

    private static final String PLAIN = "# Ferry\n\n" + ONE + "\n\n" + TWO;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div class='post-comments'><p>" + OTHER + "</p></div>",
                "<div id='relatedPosts'><p>" + OTHER + "</p></div>",
                "<div class='share-bar'><a>Post</a> <a>Mail</a></div>",
                "<p class='wp-caption-text'>The pier in the morning, seen from the lighthouse hill</p>",
                "<figure><img><figcaption>The pier in the morning.</figcaption></figure>",
                "<div class='author-bio'>Jo Doe writes about piers and tides.</div>",
                "<div class='teaser'><a href=x>Another tale</a> that has much to say of other piers</div>",
                "<aside><p>" + OTHER + "</p></aside>",
                "<form><label>Your name (required)</label><input></form>",
                "<div class='ad-slot'>Coats, half price, only today, only here.</div>",
                "<p>Advertisement</p>",
                "<p>Photo: J. Doe</p>",
                "<div hidden><p>" + OTHER + "</p></div>"
            })
    void whatServesTheSiteIsLeftOut(String part) {
        assertThat(article(part)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div class='has-sidebar no-comments'>@</div>",
                "<div class='adapter'>@</div>",
                "<div class='teaser-text'>@</div>",
                "<div class='share-zone'>@</div>",
                "<section id='navigation-lights'><p>@</p></section>"
            })
    void namesThatOnlySoundLikeItAreNoReason(String wrapper) {
        assertThat(article(wrapper.replace("@", OTHER))).contains(OTHER);
    }

    @Test
    void aHeadingsIdIsNotItsPurpose() {
        assertThat(article("<h2 id='nav-rules'>Rules</h2>")).contains("## Rules");
    }

    @Test
    void anAnnouncementOfOtherPagesEndsTheText() {
        String page = "<div><h1>Ferry</h1><p>" + ONE + "</p><p>" + TWO + "</p><h3>%s</h3><p>" + MORE + "</p></div>";
        assertThat(text(page.formatted("Related articles"))).isEqualTo(PLAIN);
        assertThat(text(page.formatted("Mehr zum Thema"))).isEqualTo(PLAIN);
        assertThat(text(page.formatted("Other weather"))).contains(MORE);
        // With nothing before it, the line goes and the text stays.
        assertThat(text("<p>Related articles</p><p>" + ONE + "</p><p>" + TWO + "</p>"))
                .isEqualTo(ONE + "\n\n" + TWO);
    }

    @Test
    void datesAndBylinesAtTheEdgesGoButShortSentencesStay() {
        assertThat(text("<main><h1>Ferry</h1><p>3 May 2019, 14:30</p><p>" + ONE + "</p><p>Really.</p><p>" + TWO
                        + "</p><p>It rained.</p><p>jd/kl</p></main>"))
                .isEqualTo("# Ferry\n\n" + ONE + "\n\nReally.\n\n" + TWO + "\n\nIt rained.");
    }

    @Test
    void theIntroductionBetweenTitleAndBodyIsKept() {
        String lead = "A captain, forty coats, and an island that was thought to be dry.";
        assertThat(text("<article><header><h1>Ferry</h1><p>" + lead
                        + "</p><span>by me</span></header><div class='article-body'><p>" + ONE + "</p><p>" + TWO
                        + "</p></div></article>"))
                .isEqualTo("# Ferry\n\n" + lead + "\n\n" + ONE + "\n\n" + TWO);
    }

    @Test
    void aPageWhoseNamesMisleadIsReadWithoutThem() {
        String promo = "<div class='promo'><p>%s</p></div>";
        assertThat(text(promo.formatted(ONE) + promo.formatted(TWO) + promo.formatted(OTHER)))
                .isEqualTo(ONE + "\n\n" + TWO + "\n\n" + OTHER);
    }

    @Test
    void theDataBesideAnEmptyPageIsUsed() {
        String page = """
                <script type="application/ld+json">{"@graph": [{"articleBody": "%s\\n\\n%s &amp; more of it."}]}</script>
                <script type="application/ld+json">{broken</script><p>Please enable scripts.</p>""".formatted(ONE, TWO);
        assertThat(text(page)).isEqualTo(ONE + "\n\n" + TWO + " & more of it.");
        assertThat(text(page + "<p>" + ONE.repeat(20) + "</p>")).startsWith(ONE + ONE);
    }

    @Test
    void quotesCodeAndTablesKeepTheirShape() {
        assertThat(article("<blockquote><p>First.</p><p>Second<br>line.</p></blockquote>"))
                .contains("\n\n> First.\n>\n> Second\n> line.\n\n");
        assertThat(article("<pre><code class='language-Java'>int  x;\n\n\ty();\n</code></pre>"))
                .contains("\n\n```java\nint  x;\n\n\ty();\n```\n\n");
        assertThat(article("<table><tr><td><pre>1\n2</pre></td><td><pre>a\nb</pre></td></tr></table>"))
                .contains("```\na\nb\n```")
                .doesNotContain("1\n2");
        assertThat(article("<table><tr><th>Pier</th><th>Time</th></tr><tr><td>North</td><td>7:00</td></tr></table>"))
                .contains("\n\nPier | Time\nNorth | 7:00\n\n");
    }

    @Test
    void readingsOfIdeographsAreLeftOut() {
        assertThat(
                        article(
                                "<p><ruby>\u6771<rt>\u3068\u3046</rt></ruby><ruby>\u4EAC<rp>(</rp><rt>\u304D\u3087\u3046</rt><rp>)</rp></ruby>.</p>"))
                .contains("\u6771\u4EAC.");
    }
}
