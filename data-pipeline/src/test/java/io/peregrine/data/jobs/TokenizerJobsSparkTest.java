package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.LatexCommands;
import io.peregrine.data.tokenizer.SpecialTokens;
import io.peregrine.data.tokenizer.SplitRules;
import io.peregrine.data.tokenizer.TextWeight;
import io.peregrine.data.tokenizer.TokenBytes;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.data.tokenizer.TokenizerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class TokenizerJobsSparkTest {
    private static final TokenizerConfig CONFIG = new TokenizerConfig(384, 16, 1_000_000, 1, 2);

    private static final String PANGRAM =
            "sphinx of black quartz, judge my vow, while five boxing wizards jump quickly over hazy dwarves, amid unusually bright vixens packing liquor";

    @TempDir
    Path root;

    private static List<Document> documents(String domain, int count) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "%s document %d: the low lowest newer widest %s <|end_of_text|> \\frac{%d}{2}; %s"
                    .formatted(domain, i, "word ".repeat(i % 7), i, PANGRAM);
            documents.add(Document.of("s", domain, "f", "#" + i, "en", text));
        }
        return documents;
    }

    /** Stands for an earlier stage: writes these documents in this many partitions. */
    private record Given(Stage stage, String table, List<Document> documents, int partitions) implements StageJob {
        @Override
        public List<Stage> after() {
            return List.of();
        }

        @Override
        public String configDigest() {
            return ConfigDigest.of(documents.size());
        }

        @Override
        public Outcome run(StageContext context) {
            List<Row> rows = new ArrayList<>();
            documents.forEach(document -> rows.add(DocumentRows.toRow(document)));
            if (partitions > 1) {
                Collections.reverse(rows);
            }
            Dataset<Row> given =
                    context.spark().createDataset(rows, DocumentRows.ENCODER).repartition(partitions);
            return new Outcome(Map.of(table, context.write(given, table)), Map.of());
        }
    }

    private StageRunner prepared(Path folder, int partitions) {
        StageRunner runner =
                new StageRunner(SparkTest.spark(), new RunLayout(folder), SeedStream.of(7), Progress.SILENT);
        List<Document> unique = new ArrayList<>(documents("web", 60));
        unique.addAll(documents("code", 30));
        runner.ensure(new Given(Stage.DECONTAMINATE, "clean", unique, partitions));
        runner.ensure(new Given(Stage.REPOSITORIES, "repositories", List.of(), 1));
        runner.ensure(new Given(Stage.REWRITE, "rewrites", documents("rewritten-web", 10), partitions));
        return runner;
    }

    private List<StageManifest> tokenized(Path folder, int partitions) {
        StageRunner runner = prepared(folder, partitions);
        return List.of(runner.ensure(new TrainTokenizerJob(CONFIG)), runner.ensure(new TokenizeJob()));
    }

    private static Map<String, String> digests(StageManifest manifest) {
        Map<String, String> digests = new TreeMap<>();
        manifest.outputs().forEach((name, output) -> digests.put(name, output.payloadDigest()));
        return digests;
    }

    @Test
    void everyDocumentIsEncodedAndHasItsPlace() {
        StageManifest manifest = tokenized(root, 2).get(1);
        RunLayout layout = new RunLayout(root);
        List<Row> rows = SparkTest.spark()
                .read()
                .format("delta")
                .load(layout.tokens().resolve("tokens").toString())
                .orderBy("stream", "ordinal")
                .collectAsList();
        assertThat(rows).hasSize(100);
        Map<String, Document> given = new TreeMap<>();
        for (List<Document> list :
                List.of(documents("web", 60), documents("code", 30), documents("rewritten-web", 10))) {
            list.forEach(document -> given.put(document.id(), document));
        }
        Map<String, Long> next = new TreeMap<>();
        List<String> order = new ArrayList<>();
        try (BpeTokenizer tokenizer = BpeTokenizer.load(layout.tokenizer().resolve("tokenizer.json"))) {
            for (Row row : rows) {
                Document document = given.remove(row.<String>getAs("id"));
                assertThat(row.<String>getAs("stream")).isEqualTo(document.domain());
                long place = next.merge(document.domain(), 1L, Long::sum) - 1;
                assertThat(row.<Long>getAs("ordinal")).isEqualTo(place);
                int[] ids = TokenBytes.decode(row.getAs("tokens"), tokenizer.vocabSize());
                assertThat(row.<Integer>getAs("n_tok")).isEqualTo(ids.length);
                assertThat(ids[ids.length - 1]).isEqualTo(tokenizer.endOfText());
                assertThat(tokenizer.decode(Arrays.copyOf(ids, ids.length - 1))).isEqualTo(document.text());
                order.add(document.location());
            }
        }
        assertThat(given).isEmpty();
        assertThat(order.subList(0, 30))
                .as("shuffled")
                .isNotEqualTo(order.stream().limit(30).sorted().toList());

        long bytes = documents("web", 60).stream()
                .mapToLong(document -> document.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertThat(manifest.counts())
                .containsEntry("in", 100L)
                .containsEntry("documents.web", 60L)
                .containsEntry("bytes.web", bytes);
        checkStatistics(layout, rows);
    }

    private static void checkStatistics(RunLayout layout, List<Row> rows) {
        TokenStatistics statistics = TokenStatistics.read(layout.tokens());
        Map<Integer, Long> counts = new TreeMap<>();
        long total = 0;
        for (Row row : rows) {
            for (int id : TokenBytes.decode(row.getAs("tokens"), statistics.vocabSize())) {
                counts.merge(id, 1L, Long::sum);
                total++;
            }
        }
        double entropy = 0;
        for (long count : counts.values()) {
            entropy += count * Math.log((double) total / count) / total;
        }
        assertThat(statistics.all().tokens()).isEqualTo(total);
        assertThat(statistics.all().unigramEntropyNats()).isCloseTo(entropy, within(1e-12));
        assertThat(statistics.usedTokens()).isEqualTo(counts.size());
        assertThat(statistics.all().singleTokenWordRatio()).isGreaterThan(0.5).isLessThanOrEqualTo(1);
        assertThat(statistics.streams().keySet()).containsExactly("code", "rewritten-web", "web");
    }

    @Test
    void coresAndPartitionsDoNotShow() {
        List<Map<String, String>> one = SparkTest.withCores(
                1,
                () -> tokenized(root.resolve("one"), 1).stream()
                        .map(TokenizerJobsSparkTest::digests)
                        .toList());
        List<Map<String, String>> two = SparkTest.withCores(
                2,
                () -> tokenized(root.resolve("two"), 5).stream()
                        .map(TokenizerJobsSparkTest::digests)
                        .toList());
        assertThat(two).isEqualTo(one);
    }

    @Test
    void theTrainingTextIsCutToItsBudget() {
        StageRunner runner = prepared(root, 2);
        Map<String, Long> counts = runner.ensure(new TrainTokenizerJob(new TokenizerConfig(384, 16, 2_000, 1, 2)))
                .counts();
        assertThat(counts.get("bytes.web")).isBetween(1_500L, 2_000L);
        assertThat(counts.get("bytes.code")).isBetween(1_500L, 2_000L);
        assertThat(counts).containsEntry("in", 90L).containsEntry("overlong-pretokens", 0L);
    }

    private static TokenizerConfig weighted(List<TextWeight> weights) {
        return new TokenizerConfig(
                384,
                List.of(),
                16,
                SpecialTokens.FALCON_H1,
                SplitRules.DEFAULTS,
                LatexCommands.DEFAULTS,
                weights,
                1_000_000,
                1,
                2);
    }

    private Map<String, Long> pretokens() {
        Map<String, Long> counts = new TreeMap<>();
        SparkTest.spark()
                .read()
                .format("delta")
                .load(new RunLayout(root).tokenizer().resolve("pretokens").toString())
                .collectAsList()
                .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    @Test
    void weightsCountTextsSeveralTimesOrNot() {
        StageRunner runner = prepared(root, 2);
        runner.ensure(new TrainTokenizerJob(CONFIG));
        assertThat(pretokens())
                .containsEntry("web", 60L)
                .containsEntry("code", 30L)
                .containsEntry(" lowest", 90L);

        List<TextWeight> weights = List.of(
                new TextWeight(Optional.of("s"), Optional.of("code"), Optional.empty(), 5),
                new TextWeight(Optional.empty(), Optional.of("web"), Optional.of("de"), 7),
                new TextWeight(Optional.of("other"), Optional.empty(), Optional.empty(), 9),
                new TextWeight(Optional.empty(), Optional.empty(), Optional.of("en"), 0));
        Map<String, Long> counts =
                runner.ensure(new TrainTokenizerJob(weighted(weights))).counts();
        assertThat(pretokens())
                .containsEntry("code", 150L)
                .containsEntry(" lowest", 150L)
                .doesNotContainKey("web");
        assertThat(counts).containsEntry("in", 30L).doesNotContainKey("bytes.web");

        // rare ones are left out, and reported
        Map<String, Long> strict = runner.ensure(new TrainTokenizerJob(new TokenizerConfig(384, 16, 1_000_000, 50, 2)))
                .counts();
        assertThat(pretokens()).doesNotContainKey("code").containsKey("web");
        assertThat(strict.get("pruned-occurrences")).isGreaterThanOrEqualTo(30L);
        assertThat(strict.get("pruned-bytes")).isGreaterThanOrEqualTo(30L * 4);

        // and what is left must do for the vocabulary
        assertThatThrownBy(() -> runner.ensure(new TrainTokenizerJob(new TokenizerConfig(4096, 16, 1_000_000, 50, 2))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no pair of tokens left that occurs 2 times or more")
                .hasMessageContaining("of 4,096 tokens. Ask for fewer");
        List<TextWeight> none = List.of(new TextWeight(Optional.empty(), Optional.empty(), Optional.of("en"), 0));
        assertThatThrownBy(() -> runner.ensure(new TrainTokenizerJob(weighted(none))))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("tokenizer: the run has no documents to train on");
    }

    @Test
    void whatWasCountedIsNotCountedAgain() throws IOException {
        StageRunner runner = prepared(root, 2);
        TrainTokenizerJob job = new TrainTokenizerJob(CONFIG);
        StageManifest first = runner.ensure(job);
        // killed before the manifest, while merging
        RunLayout layout = new RunLayout(root);
        StageManifest.withdraw(layout, Stage.TOKENIZER);
        Path journal = layout.tokenizer().resolve("merges.journal");
        List<String> lines = Files.readAllLines(journal);
        Files.write(journal, lines.subList(0, lines.size() / 2));
        StageManifest second = runner.ensure(job);
        assertThat(digests(second)).isEqualTo(digests(first));
        assertThat(second.output("pretokens").version())
                .isEqualTo(first.output("pretokens").version());
        assertThat(Files.readAllLines(journal)).isEqualTo(lines);
    }

    @Test
    void theReportMeasuresEverySize() throws IOException {
        Path run = Files.writeString(root.resolve("run.yaml"), """
                run: tiny
                root: %s
                seed: 7
                tokenizer: {vocab-size: 384, more-vocab-sizes: [512], reserved-tokens: 100, pair-count-min: 1,
                  latex: {commands: 1, domains: [code, web]}, split: {digits: three}}
                """.formatted(root.resolve("out")));
        RunFile file = RunFile.open(run);
        StageRunner runner = prepared(root.resolve("out"), 2);
        StageManifest manifest = runner.ensure(new TrainTokenizerJob(file.section("tokenizer", TokenizerConfig.class)));
        assertThat(manifest.outputs()).containsKeys("tokenizer.json", "vocab-512/tokenizer.json", "pretokens");
        runner.ensure(new TokenizeJob());
        Path parallel = Files.writeString(root.resolve("parallel.jsonl"), """
                {"id": "a/en/1", "lang": "en", "text": "the lowest"}
                {"id": "a/de/1", "lang": "de", "text": "die niedrigsten"}
                {"id": "a/de/2", "lang": "de", "text": "nirgends sonst"}
                """);
        StringWriter out = new StringWriter();
        TokenizerReportCommand.report(
                file, LazySpark.opened(SparkTest.spark()), 500, List.of(parallel), new PrintWriter(out, true));
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).startsWith("vocabulary");
        assertThat(lines.get(1).trim()).startsWith("384 ");
        assertThat(lines.get(2).trim()).startsWith("512 ");
        assertThat(out.toString()).contains("\nrewritten-web ", "tokens of the vocabulary occur");

        Path folder = root.resolve("out/90-report");
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
        JsonNode small = json.at("/tokenizers/0");
        JsonNode large = json.at("/tokenizers/1");
        assertThat(small.at("/groups").findValuesAsText("domain")).containsExactly("code", "web");
        assertThat(small.at("/groups/0/bytes").asLong()).isBetween(300L, 500L);
        // numbers go in threes, and the larger vocabulary joins some of their digits
        assertThat(large.at("/all/numbersAlone").asDouble())
                .isLessThan(small.at("/all/numbersAlone").asDouble());
        assertThat(small.at("/all/commandsAlone").asDouble()).isEqualTo(1);
        assertThat(large.at("/all/bytesPerToken").asDouble())
                .isGreaterThan(small.at("/all/bytesPerToken").asDouble());
        try (BpeTokenizer tokenizer = BpeTokenizer.load(root.resolve("out/50-tokenizer/vocab-512/tokenizer.json"))) {
            double there = tokenizer.encode("die niedrigsten").length;
            assertThat(large.at("/parity/de").asDouble()).isEqualTo(there / tokenizer.encode("the lowest").length);
        }
        assertThat(folder.resolve("tokenizer.html")).content().contains("Tokenizers of tiny");

        Files.writeString(parallel, "{\"id\": \"a/en/1\", \"lang\": \"en\"}\n");
        assertThatThrownBy(() -> ParallelTexts.read(parallel, (key, language, text) -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        parallel + ", line 1: must have text, lang, and a key or an id that ends in / or # and one");
    }

    @Test
    void aTokenizerThatWasChangedOrLostIsNamed() throws IOException {
        StageRunner runner = prepared(root, 1);
        runner.ensure(new TrainTokenizerJob(CONFIG));
        Path file = new RunLayout(root).tokenizer().resolve("tokenizer.json");
        Files.writeString(file, Files.readString(file).substring(10));
        assertThatThrownBy(() -> runner.ensure(new TokenizeJob()))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": is not what the tokenizer stage wrote; run that stage again");
        Files.delete(file);
        assertThatThrownBy(() -> runner.ensure(new TokenizeJob()))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": no such file; run the tokenizer stage again");
    }
}
