package io.peregrine.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PicturesTest {
    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    @Test
    void aChartIsXmlWhateverTheNamesAre() throws Exception {
        String svg = Chart.of("a < b & \"c\"", "<x>", "&y")
                .line("l<1>", List.of(1.0, 2.0, 3.0), List.of(4.0, Double.NaN, 5.0))
                .intervals("p&1", List.of(1.0, 2.0), List.of(4.0, 5.0), List.of(3.0, 4.0), List.of(5.0, 6.0))
                .level("<=", 4.5)
                .mark(">=", 2)
                .svg();
        Document picture = xml(svg);
        assertThat(picture.getElementsByTagName("circle").getLength()).isEqualTo(2);
        assertThat(picture.getDocumentElement().getAttribute("aria-label")).isEqualTo("a < b & \"c\"");
        assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void aValueThatIsNoNumberIsAGap() {
        String whole = Chart.of("t", "x", "y")
                .line("l", List.of(1.0, 2.0, 3.0, 4.0), List.of(1.0, 2.0, 3.0, 4.0))
                .svg();
        String gap = Chart.of("t", "x", "y")
                .line("l", List.of(1.0, 2.0, 3.0, 4.0), List.of(1.0, Double.NaN, 3.0, 4.0))
                .svg();
        assertThat(moves(whole)).isEqualTo(1);
        assertThat(moves(gap)).isEqualTo(2);
    }

    /** How often the pen is set down on the line of the first colour. */
    private static long moves(String svg) {
        String line = svg.lines()
                .filter(it -> it.startsWith("<path") && it.contains(Svg.colour(0)))
                .findFirst()
                .orElseThrow();
        return line.chars().filter(it -> it == 'M').count();
    }

    @Test
    void aHistogramFallsToNothingBetweenItsBins() {
        Chart chart = Chart.of("t", "x", "y")
                .histogram("h", List.of(0.0, 1.0, 3.0), List.of(1.0, 2.0, 4.0), List.of(5.0, 6.0, 7.0));
        assertThat(chart.series().get(0).xs()).containsExactly(0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 4.0);
        assertThat(chart.series().get(0).ys()).containsExactly(0.0, 5.0, 6.0, 0.0, 0.0, 7.0, 0.0);
    }

    @Test
    void namesThatDoNotFitInARowGetAnother() throws Exception {
        Chart chart = Chart.of("t", "x", "y");
        int one = height(chart.line("n", List.of(1.0), List.of(1.0)));
        for (int i = 0; i < 8; i++) {
            chart = chart.line("a name of thirty characters ..", List.of(1.0), List.of(1.0));
        }
        assertThat(height(chart)).isGreaterThan(one);
    }

    private static int height(Chart chart) throws Exception {
        return Integer.parseInt(xml(chart.svg()).getDocumentElement().getAttribute("height"));
    }

    @Test
    void anEmptyChartHasAxes() throws Exception {
        assertThat(xml(Chart.of("t", "x", "y").withLogX().withLogY().svg())
                        .getElementsByTagName("text")
                        .getLength())
                .isGreaterThan(3);
    }

    @Test
    void seriesAndIntervalsAreAsLong() {
        Chart chart = Chart.of("t", "x", "y");
        assertThatThrownBy(() -> chart.line("l", List.of(1.0), List.of(1.0, 2.0)))
                .hasMessage("series 'l': 1 values of x and 2 of y: must be as many");
        assertThatThrownBy(() -> chart.intervals("p", List.of(1.0), List.of(1.0), List.of(), List.of(2.0)))
                .hasMessage("series 'p': 1 values and 0 to 1 ends of intervals: must be as many");
    }

    @Test
    void equalRatiosAreEqualLengthsOnALogarithmicAxis() {
        Axis axis = Axis.over(List.of(-5.0, 0.0, 10.0, 1000.0), true, 0, 100);
        assertThat(axis.at(100) - axis.at(10)).isCloseTo(axis.at(1000) - axis.at(100), within(1e-9));
        assertThat(axis.at(0)).isNaN();
        assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1000.0);
        assertThat(Axis.over(List.of(0.0, 10.0), false, 0, 100).ticks()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(Axis.over(List.of(7.0), false, 0, 100).at(7)).isCloseTo(50, within(2.0));
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(1_200_000.0, 40_000.0, 0.004, 2e-7, 0.0, -3.5, 2e9, 57_777_123.0).stream()
                        .map(Axis::format))
                .containsExactly("1.2M", "40k", "0.004", "2e-7", "0", "-3.5", "2G", "57.78M");
    }

    @Test
    void barsAreAsLongAsTheirParts() throws Exception {
        BarChart chart = BarChart.of("t", "documents", List.of("web", "code")).bar("kept", List.of(30.0, 10.0));
        var rects = xml(chart.svg()).getElementsByTagName("rect");
        double web = Double.parseDouble(rects.item(rects.getLength() - 2)
                .getAttributes()
                .getNamedItem("width")
                .getNodeValue());
        double code = Double.parseDouble(rects.item(rects.getLength() - 1)
                .getAttributes()
                .getNamedItem("width")
                .getNodeValue());
        assertThat(web / code).isCloseTo(3, within(0.01));
        assertThatThrownBy(() -> chart.bar("dropped", 3.0))
                .hasMessage("bar 'dropped' has 1 lengths: must be one for each of [web, code]");
        assertThatThrownBy(() -> chart.bar("dropped", List.of(1.0, -2.0)))
                .hasMessage("bar 'dropped' = -2.0: must be finite and >= 0");
    }

    @Test
    void aTableSaysItsNumbers() throws Exception {
        String html = HtmlTable.of("a", "<b>")
                .row(1234567L, 0.123456)
                .row("x&y", Double.NaN)
                .html();
        assertThat(xml(html).getElementsByTagName("td").getLength()).isEqualTo(4);
        assertThat(html).contains("<td>1,234,567</td><td>0.1235</td>", "<td>x&amp;y</td><td>-</td>", "&lt;b&gt;");
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("n", 7000)
                .put("x", 0.25)
                .put("is", true);
        assertThat(HtmlTable.of("", "", "", "")
                        .row(json.path("n"), json.path("x"), json.path("is"), json.path("not"))
                        .rows())
                .containsExactly(List.of("7,000", "0.2500", "yes", "-"));
        assertThatThrownBy(() -> HtmlTable.of("a").row(1, 2))
                .hasMessage("row [1, 2] has 2 cells: must have one for each of [a]");
    }
}
