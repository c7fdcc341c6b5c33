package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.testing.SparkTest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small run from files to the page, which must say what the run's manifests say. */
@Tag("spark")
class DataReportSparkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><!-- {{data}} ";
    private static final String QUESTION =
            "How many of the seven grey lamps on the long harbour wall were lit when the last boat came home";
    private static final String[] WORDS =
            ("the and of with that have to be harbour morning letter window river story road"
                            + " garden captain winter evening bridge market answer machine table mountain paper silver music")
                    .split(" ");
    private static final int SAMPLES = 3;

    @TempDir
    static Path folder;

    private static RunLayout layout;
    private static ObjectNode facts;
    private static String page;

    private static String prose(int seed) {
        SeedStream random = SeedStream.of(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(i % 12 == 11 ? ".\n" : " ");
        }
        return text.toString();
    }

    private static String line(String url, String text) {
        return JSON.createObjectNode()
                        .put("url", url)
                        .put("text", text)
                        .put("lang", "en")
                        .put("licence", HOSTILE)
                + "\n";
    }

    @BeforeAll
    static void run() throws IOException {
        StringBuilder web = new StringBuilder("not JSON " + HOSTILE + "\n");
        for (int i = 0; i < 12; i++) {
            web.append(line("https://Good.example/" + i, prose(i)));
        }
        web.append(line("https://good.example/copy", prose(3)));
        web.append(line("https://good.example/near", prose(4) + "And one more line."));
        web.append(line("https://good.example/quiz", prose(20) + QUESTION + "?\n" + HOSTILE));
        for (int i = 0; i < 5; i++) {
            web.append(line("https://bad.example/" + HOSTILE + i, HOSTILE + i));
        }
        web.append(line("https://bad.example/hashes", "# the and " + prose(30).replace(" ", " # ")));
        Files.writeString(folder.resolve("web.jsonl"), web);
        Files.writeString(
                folder.resolve("quiz.jsonl"),
                JSON.createObjectNode().put("id", HOSTILE).put("question", QUESTION) + "\n"
                        + "{\"id\": \"2\", \"question\": \"Why?\"}\n");
        Path file = Files.writeString(folder.resolve("run.yaml"), """
                run: small
                root: '%s'
                inputs: '%s'
                seed: 7
                sources:
                  - {name: pages, kind: jsonl, domain: web, licence: MIT, paths: [web.jsonl]}
                filter:
                  english: {families: [url, text, pii], profile: gopher}
                decontaminate:
                  sets: [{name: quiz, paths: [quiz.jsonl], fields: [question]}]
                """.formatted(folder.resolve("out"), folder));
        RunFile run = RunFile.open(file);
        layout = run.layout();
        FilterConfig filter = run.section("filter", FilterConfig.class);
        StageFixture stages = new StageFixture(layout.root());
        for (StageJob job : List.of(
                new IngestJob(run.listSection("sources", SourceConfig.class), run.inputs()),
                new SignalsJob(filter),
                new FilterJob(filter),
                new DedupJob(DedupConfig.DEFAULTS),
                new DecontaminateJob(run.section("decontaminate", DecontaminateConfig.class), run.inputs()))) {
            stages.run(job);
        }
        facts = new DataFacts(LazySpark.opened(SparkTest.spark()), layout, RuleSets.of(filter), SAMPLES)
                .gather("small " + HOSTILE, run.digest());
        page = DataReportCommand.page(facts);
    }

    private static StageManifest manifest(Stage stage) {
        return StageManifest.require(layout, stage);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static long sum(JsonNode rows, String key) {
        return stream(rows).mapToLong(row -> row.get(key).asLong()).sum();
    }

    /** The JSON as a browser takes it out of the page. */
    private static JsonNode embedded() throws IOException {
        String open = "<script type=\"application/json\" id=\"data\">";
        int begin = page.indexOf(open) + open.length();
        return JSON.readTree(page.substring(begin, page.indexOf("</script", begin)));
    }

    @Test
    void theRunHasSomethingOfEverything() {
        assertThat(manifest(Stage.DOCUMENTS).counts())
                .containsEntry("documents", 21L)
                .containsEntry("rejected.malformed_json", 1L);
        assertThat(manifest(Stage.FILTERS).counts())
                .containsEntry("out", 15L)
                .containsEntry("dropped.gopher_short_doc", 5L);
        assertThat(manifest(Stage.DEDUP).counts())
                .containsEntry("dropped.exact", 1L)
                .containsEntry("dropped.near", 1L);
        assertThat(manifest(Stage.DECONTAMINATE).counts()).containsEntry("dropped.contaminated", 1L);
    }

    @Test
    void theNumbersInThePageAreThoseOfTheManifests() throws IOException {
        JsonNode data = embedded();
        assertThat(data).isEqualTo(JSON.readTree(facts.toString()));
        for (JsonNode stage : data.get("stages")) {
            Map<String, Long> counts = new TreeMap<>();
            stage.get("counts")
                    .properties()
                    .forEach(
                            entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
            Stage own = Arrays.stream(Stage.values())
                    .filter(one -> one.folder().equals(stage.get("stage").asText()))
                    .findFirst()
                    .orElseThrow();
            assertThat(counts).isEqualTo(manifest(own).counts());
        }
        Map<String, Long> left = new TreeMap<>();
        data.get("flow")
                .forEach(row -> left.merge(
                        row.get("table").asText(), row.get("documents").asLong(), Long::sum));
        assertThat(left)
                .containsOnly(
                        Map.entry("measured", manifest(Stage.FILTERS).counts().get("in")),
                        Map.entry("kept", manifest(Stage.FILTERS).counts().get("out")),
                        Map.entry("unique", manifest(Stage.DEDUP).counts().get("out")),
                        Map.entry(
                                "clean", manifest(Stage.DECONTAMINATE).counts().get("out")));
        assertThat(sum(data.get("licences"), "documents")).isEqualTo(left.get("clean"));
        assertThat(sum(data.get("duplicates").get("kinds"), "documents")).isEqualTo(2);
        assertThat(data.get("contamination").get(0).get("documents").asLong()).isEqualTo(1);
        assertThat(sum(data.get("rejected"), "pieces")).isEqualTo(1);
        Map<String, List<Long>> hosts = new TreeMap<>();
        data.get("hosts")
                .forEach(host -> hosts.put(
                        host.get("host").asText(),
                        List.of(host.get("documents").asLong(), host.get("kept").asLong())));
        assertThat(hosts).containsEntry("good.example", List.of(15L, 15L));
    }

    @Test
    void everyReasonOfTheFunnelHasSamples() throws IOException {
        JsonNode data = embedded();
        Map<String, Long> funnel = new TreeMap<>();
        manifest(Stage.FILTERS).counts().forEach((name, n) -> {
            if (name.startsWith("dropped.")) {
                funnel.put(name.substring("dropped.".length()), n);
            }
        });
        assertThat(funnel).hasSizeGreaterThan(1);
        Map<String, Long> reasons = new TreeMap<>();
        for (JsonNode reason : data.get("reasons")) {
            reasons.put(reason.get("reason").asText(), reason.get("documents").asLong());
            assertThat(reason.get("samples"))
                    .hasSize((int) Math.min(SAMPLES, reason.get("documents").asLong()));
        }
        assertThat(reasons).isEqualTo(funnel);
        Map<String, Long> drops = new TreeMap<>();
        data.get("drops")
                .forEach(row -> drops.merge(
                        row.get("reason").asText(), row.get("documents").asLong(), Long::sum));
        assertThat(drops).isEqualTo(funnel);
    }

    @Test
    void textOfTheCrawlIsNoPartOfThePagesMarkup() throws IOException {
        assertThat(embedded().toString())
                .contains(JSON.writeValueAsString(HOSTILE).replaceAll("^\"|\"$", ""));
        int begin = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        String block = page.substring(begin, page.indexOf("</script", begin));
        assertThat(block).doesNotContain("<", ">", "&").contains("onerror");
        String rest = page.substring(0, begin) + page.substring(begin + block.length());
        assertThat(rest).doesNotContain("<img", "<!-- {{");
        assertThat(rest.split("</script", -1)).hasSize(4);
        assertThat(rest).contains("<title>small &lt;/script&gt;&lt;img ");
    }

    @Test
    void linksAreToSectionsOfThePage() {
        String script = page.substring(page.lastIndexOf("<script>"));
        List<String> sections = Pattern.compile("section\\('([a-z]+)'")
                .matcher(script)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(sections).doesNotHaveDuplicates().hasSizeGreaterThan(8);
        facts.get("missing")
                .forEach(note ->
                        assertThat(sections).contains(note.get("section").asText()));
        assertThat(page).contains("default-src 'none'").doesNotContain("href=\"http", "src=\"http", "@import");
    }

    @Test
    void anUnfinishedRunSaysWhatIsMissing() {
        assertThatThrownBy(() -> new DataFacts(
                                LazySpark.opened(SparkTest.spark()),
                                new RunLayout(folder.resolve("nothing")),
                                RuleSets.of(FilterConfig.DEFAULTS),
                                SAMPLES)
                        .gather("x", "y"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("no stage of this run has finished; run 'peregrine ingest' first");
    }

    @Test
    void theSummaryHasTheSameNumbers() {
        String summary = DataSummary.of(facts);
        assertThat(summary).isEqualTo(DataSummary.of(facts.deepCopy()));
        assertThat(summary)
                .contains(
                        "| kind | measured | kept | unique | clean | left | bytes left | most frequent reasons of the"
                                + " filters |",
                        "| web | 21 | 15 | 13 | 12 | 57.1 % | ",
                        "| gopher_short_doc 5, ",
                        "| pages | malformed_json | 1 |",
                        "| pages | exact | 1 |",
                        "| quiz | 2 | 1 | 1 | 1 |",
                        "| web | &lt;/script>&lt;img ");
        assertThat(DataSummaryCommand.between(
                        "a\n" + DataSummaryCommand.BEGIN + "old\n" + DataSummaryCommand.END + "z\n", "new\n"))
                .isEqualTo("a\n" + DataSummaryCommand.BEGIN + "\nnew\n\n" + DataSummaryCommand.END + "z\n");
    }

    /** Only where there is a browser: the script runs to its end, and builds no element of what the crawl says. */
    @Test
    void aBrowserDrawsEverySection() throws IOException, InterruptedException {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no chromium on the PATH");
        Path file = Files.writeString(folder.resolve("page.html"), page);
        List<String> command = new ArrayList<>(List.of(
                browser.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=10000",
                "--dump-dom",
                file.toUri().toString()));
        Path dumped = folder.resolve("dom.html");
        Process process = new ProcessBuilder(command)
                .redirectOutput(dumped.toFile())
                .redirectError(folder.resolve("browser.log").toFile())
                .start();
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("the browser ends").isTrue();
        String dom = Files.readString(dumped);
        String drawn = dom.substring(dom.indexOf("<main"), dom.indexOf("</main>"));
        assertThat(drawn).contains("id=\"rejected\"", "<canvas").doesNotContain("<img");
        assertThat(dom).doesNotContain("<title>taken");
        List<String> links = Pattern.compile("href=\"#([a-z]+)\"")
                .matcher(drawn)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(links)
                .hasSizeGreaterThan(8)
                .allSatisfy(id -> assertThat(drawn).contains("<section id=\"" + id));
    }

    private static Optional<Path> browser() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(bin -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(bin)::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
