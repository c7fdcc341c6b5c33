package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that are made to hurt, or broken enough to: bounded time and depth, whatever comes. */
class HostilePagesTest {
    private static final String TAIL =
            "<p>After all this there is one paragraph that is long enough to be the text of the page, so it is.</p>";

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "<div> @ 2000000",
                "<div class=nav-share> @ 100000",
                "<blockquote> @ 100000",
                "<b><i> @ 100000",
                "<math><mrow> @ 50000",
                "<math><msup><mi>x</mi> @ 50000",
                "<table><tr><td> @ 30000",
                "<tr><td>1<td>2<td>3<td>4<td>5<td>6<td>7<td>8<td>9<td>10 @ 100000",
                "&amp;&lt;&nbsp;&#x1F600;&notanentity @ 200000",
                "<img class=latex alt=x> @ 200000",
                "<span class='a b-c dE'>x</span> @ 200000",
                "<h1>x</h1> @ 200000",
                "<article><p>x @ 100000",
                "<p>Related articles</p> @ 100000",
                "<li><ul> @ 50000"
            })
    void tenMegabytesOfOneThingAreReadToTheEnd(String part, int times) {
        String page = "<body>" + part.repeat(Math.min(times, 10_000_000 / part.length())) + TAIL;
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(120),
                () -> assertThat(HtmlToText.extract(page)).isNotNull());
    }

    @ParameterizedTest
    @CsvSource({"class", "style", "alt", "href", "id", "data-mathml", "itemprop"})
    void aGiantAttributeIsPassedOver(String name) {
        String page = "<div " + name + "='" + "nav a-b ".repeat(1_000_000) + "'>x</div>" + TAIL;
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(120),
                () -> assertThat(HtmlToText.extract(page).text()).contains("After all this"));
    }
}
