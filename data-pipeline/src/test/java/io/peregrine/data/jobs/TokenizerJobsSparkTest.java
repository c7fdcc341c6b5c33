package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.SpecialTokens;
import io.peregrine.data.tokenizer.TokenBytes;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.data.tokenizer.TokenizerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class TokenizerJobsSparkTest {
    private static final TokenizerConfig CONFIG = new TokenizerConfig(384, 16, 1_000_000, 1, 2);

    @TempDir
    Path root;

    private static List<Document> documents(String domain, int count) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = "%s document %d: the low lowest newer widest %s <|end_of_text|> \\frac{%d}{2}"
                    .formatted(domain, i, "word ".repeat(i % 7), i);
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
                assertThat(ids[ids.length - 1]).isEqualTo(SpecialTokens.END_OF_TEXT);
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
