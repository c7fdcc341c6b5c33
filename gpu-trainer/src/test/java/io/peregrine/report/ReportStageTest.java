package io.peregrine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class ReportStageTest {
    @TempDir
    static Path whole;

    private static String page;
    private static JsonNode data;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeTheReportOfAWholeRun() throws IOException {
        page = Files.readString(
                ReportStage.write(new FixtureRun(whole).whole(SparkTest.spark()).layout()));
        Files.writeString(Path.of("target/report-fixture.html"), page); // to be looked at in a browser
        data = dataOf(page);
    }

    private static JsonNode dataOf(String page) throws IOException {
        String open = "<script type=\"application/json\" id=\"data\">";
        int from = page.indexOf(open) + open.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    private static List<String> missing(JsonNode data) {
        return StreamSupport.stream(data.get("missing").spliterator(), false)
                .map(note ->
                        note.get("section").asText() + ": " + note.get("text").asText())
                .toList();
    }

    @Test
    void loadsNothing() {
        String ours = page.replaceAll("(?s)/\\*!\\s+\\* Chart\\.js.*?(?=</script>)", "")
                .replaceAll("(?s)<script type=\"application/json\".*?</script>", "");
        assertThat(ours).hasSizeBetween(10_000, page.length() - 200_000);
        assertThat(Pattern.compile("(src|href)\\s*=\\s*[\"']?(?!#)[a-z/]|url\\(|@import|https?://|sourceMappingURL")
                        .matcher(ours)
                        .results()
                        .map(found -> found.group()))
                .isEmpty();
        assertThat(page).doesNotContain("sourceMappingURL");
        assertThat(page).contains("default-src 'none'");
    }

    @Test
    void hostileTextCannotLeaveTheDataBlock() {
        assertThat(page).doesNotContain("alert('x')</script>", "<img", "\u2028");
        assertThat(data.at("/samples/0/prompt").asText()).isEqualTo("<b>ab");
        assertThat(data.at("/rejected/rows/0/detail").asText()).isEqualTo(FixtureRun.HOSTILE);
        assertThat(Pattern.compile("</script").matcher(page).results()).hasSize(3);
    }

    @Test
    void scriptPutsTextIntoThePageAsTextOnly() throws IOException {
        String script = new String(
                ReportStage.class.getResourceAsStream("report.js").readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(script).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void headNamesTheRun() {
        assertThat(data.get("title").asText()).isEqualTo("quickstart");
        assertThat(data.get("facts").toString()).contains("\"42\"", "settings digest", "12 of 12");
        assertThat(page).contains("<title>quickstart</title>");
    }

    @Test
    void funnelHasEveryStageAndReason() {
        JsonNode filters = data.at("/stages/2");
        assertThat(filters.get("stage").asText()).isEqualTo("20-filters");
        assertThat(filters.get("out").asLong()).isEqualTo(6105);
        assertThat(filters.at("/domains/1/domain").asText()).isEqualTo("code");
        assertThat(filters.at("/domains/1/out").asLong()).isEqualTo(2805);
        assertThat(data.at("/stages/0/in").asLong()).isEqualTo(8414);
        assertThat(data.at("/stages/0/reasons/1/name").asText()).isEqualTo("truncated");
        assertThat(filters.at("/reasons/1/name").asText()).isEqualTo("gopher_short_doc");
        assertThat(filters.at("/reasons/1/count").asLong()).isEqualTo(1530);
        assertThat(data.get("stages")).hasSize(12);
    }

    @Test
    void sourcesComeWithTheirLicences() {
        assertThat(data.at("/sources/1/name").asText()).isEqualTo("jackson");
        assertThat(data.at("/sources/1/documents").asLong()).isEqualTo(2300);
        assertThat(data.at("/sources/1/licence").asText()).isEqualTo("Apache-2.0");
    }

    @Test
    void rejectedInputComesWithFileAndPosition() {
        assertThat(data.at("/rejected/total").asLong()).isEqualTo(2);
        assertThat(data.at("/rejected/rows/0/position").asText()).isEqualTo("record 17 at byte 88123");
        assertThat(data.at("/rejected/rows/1/origin").asText()).isEqualTo("b.jsonl");
    }

    @Test
    void tokensAreCountedByStreamAndTogether() {
        assertThat(data.get("tokens")).hasSize(4);
        assertThat(data.at("/tokens/3/stream").asText()).isEqualTo("all");
        assertThat(data.at("/tokens/3/documents").asLong()).isEqualTo(6000);
        assertThat(data.at("/tokens/3/unigramEntropyNats").asDouble()).isBetween(5.0, 8.4);
    }

    @Test
    void mixtureDeliversWhatWasAskedFor() {
        JsonNode math = data.at("/mixture/streams/1");
        assertThat(math.get("name").asText()).isEqualTo("math");
        assertThat(math.get("asked").asDouble()).isEqualTo(0.15);
        assertThat(math.get("delivered").asDouble()).isBetween(0.149, 0.151);
        assertThat(math.get("epochs").asDouble()).isBetween(1.4, 1.5);
        assertThat(math.get("gap").asLong()).isPositive();
        assertThat(data.at("/mixture/streams/2").has("gap"))
                .as("web is not repeated")
                .isFalse();
    }

    @Test
    void lossStandsBesideTheUnigramEntropy() {
        JsonNode training = data.get("training");
        assertThat(training.get("steps")).hasSize(FixtureRun.STEPS);
        assertThat(training.get("unigramNats").asDouble()).isEqualTo(FixtureRun.UNIGRAM_NATS);
        assertThat(training.get("finalLoss").asDouble()).isBetween(3.2, 3.5);
        assertThat(training.get("validation")).hasSize(4);
        assertThat(training.at("/steps/0/loss").asDouble()).isBetween(7.9, 8.5);
    }

    @Test
    void normsAndSpikesAreThere() {
        JsonNode training = data.get("training");
        assertThat(training.get("norms")).hasSize(FixtureRun.STEPS / 20);
        assertThat(training.at("/norms/19/step").asLong()).isEqualTo(400);
        assertThat(training.at("/norms/19/parameters/embedding").asDouble()).isEqualTo(18.0);
        assertThat(training.at("/norms/19/step_size_largest").asDouble()).isEqualTo(2.0);
        assertThat(training.at("/spikes/0/first_step").asLong()).isEqualTo(331);
        assertThat(training.at("/rollbacks/0/to_position").asLong()).isEqualTo(2736);
    }

    @Test
    void modelContinuesThePromptsOfTheRunFile() {
        assertThat(data.get("samples")).hasSize(1);
        assertThat(data.at("/samples/0/text").asText()).isNotEmpty();
    }

    @Test
    void longCurvesAreThinnedByMeans() throws IOException {
        FixtureRun run = new FixtureRun(folder);
        run.manifest(Stage.FILTERS, 1, List.of("kept"), "in", 2, "out", 1);
        run.metrics(3000, "{\"kind\":\"step\",\"st");
        JsonNode training =
                dataOf(Files.readString(ReportStage.write(run.layout()))).get("training");
        assertThat(training.get("stepsPerPoint").asInt()).isEqualTo(3);
        assertThat(training.get("steps")).hasSize(1000);
        assertThat(training.at("/steps/999/step").asLong()).isEqualTo(3000);
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        FixtureRun run = new FixtureRun(folder);
        run.manifest(Stage.FILTERS, 1, List.of("kept"), "in", 2, "out", 1);
        JsonNode data = dataOf(Files.readString(ReportStage.write(run.layout())));
        assertThat(missing(data))
                .extracting(note -> note.substring(0, note.indexOf(':')))
                .containsExactlyInAnyOrder("sources", "rejected", "tokens", "mixture", "training", "sample");
    }

    @Test
    void folderThatIsNoRunIsRefused() {
        assertThatThrownBy(() -> ReportStage.write(new RunLayout(folder)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("no stage of a run has finished here");
    }
}
