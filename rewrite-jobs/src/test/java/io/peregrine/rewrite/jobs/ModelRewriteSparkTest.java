package io.peregrine.rewrite.jobs;

import static io.peregrine.rewrite.jobs.ModelRewriteFixture.documents;
import static io.peregrine.rewrite.jobs.ModelRewriteFixture.rewritten;
import static io.peregrine.rewrite.jobs.ModelRewriteFixture.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.rewrite.calls.FaultyServer;
import io.peregrine.rewrite.calls.FaultyServer.Fault;
import io.peregrine.rewrite.jobs.ModelRewriteFixture.Settings;
import io.peregrine.rewrite.settings.WhenShort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class ModelRewriteSparkTest {
    private static final Fault[] FAULTS = {
        Fault.RATE_LIMIT,
        Fault.UNAVAILABLE,
        Fault.CLOSED,
        Fault.TRUNCATED,
        Fault.MALFORMED,
        Fault.HTML,
        Fault.EMPTY_CHOICES,
        Fault.NO_CONTENT
    };

    @TempDir
    Path folder;

    private Path templates;

    @BeforeEach
    void templates() {
        templates = ModelRewriteFixture.templates(folder.resolve("prompts"));
    }

    private static Fault fifth(long number) {
        return number % 5 == 0 ? FAULTS[(int) (number / 5 % FAULTS.length)] : Fault.NONE;
    }

    private static Map<String, String> digests(StageManifest manifest) {
        Map<String, String> digests = new TreeMap<>();
        manifest.outputs().forEach((name, output) -> digests.put(name, output.payloadDigest()));
        return digests;
    }

    @Test
    void withAFifthOfFaultsAndATaskThatDiesEachRequestIsPaidOnceAndAnotherRunPaysNothing() {
        int n = 150;
        AtomicBoolean died = new AtomicBoolean();
        List<Document> documents = new ArrayList<>(documents(n));
        documents.add(ModelRewriteFixture.longDocument(5));
        // 401 stops a task, as a fault of ours would: Spark tries it again, and it goes on from its log.
        FaultyServer server = new FaultyServer(
                (number, request) -> number > 100 && died.compareAndSet(false, true) ? Fault.KEY_ECHOED : fifth(number),
                ModelRewriteFixture::answer);
        try (server) {
            Settings settings = Settings.of(server, templates, "plain", "reduced")
                    .withInFlight(2)
                    .withVariants(2)
                    .sharing(folder.resolve("responses"));
            Path root = folder.resolve("one");
            StageManifest first = SparkTest.withMaster("local[2,4]", () -> {
                StageManifest manifest = rewritten(SparkTest.spark(), root, documents, settings.model());
                check(SparkTest.spark(), root, n, manifest.counts(), server.charged.get());
                return manifest;
            });
            assertThat(died).isTrue();
            long charged = server.charged.get();
            StageManifest second = rewritten(
                    SparkTest.spark(),
                    folder.resolve("two"),
                    documents,
                    settings.withCommit(300).model());
            assertThat(server.charged.get()).isEqualTo(charged);
            assertThat(second.counts())
                    .containsEntry("requests-ended-now", 0L)
                    .containsEntry("tokens-paid", 0L)
                    .containsEntry("requests-answered-before", second.counts().get("requests"));
            assertThat(digests(second)).isEqualTo(digests(first));
        }
    }

    private static void check(SparkSession spark, Path root, int n, Map<String, Long> counts, long charged) {
        // Two variants, two styles; of the long one 5 segments, and 5, 2, 1 answers.
        long requests = 2L * (2 * n + 5 + 5 + 2 + 1);
        assertThat(counts)
                .containsEntry("in", n + 1L)
                .containsEntry("chosen", n + 1L)
                .containsEntry("requests", requests)
                .containsEntry("requests-answered", requests)
                .containsEntry("requests-ended-now", requests)
                .containsEntry("out", 4L * (n + 1))
                .containsEntry("openings.prose.answers", 2L * (n + 1));
        assertThat(charged).isBetween(requests, requests + requests / 100);
        assertThat(counts.get("tokens-paid")).isGreaterThanOrEqualTo(16 * charged);
        List<Row> asked = table(spark, root, "requests");
        assertThat(asked.stream().map(row -> row.<String>getAs("key")).distinct())
                .hasSize((int) requests);
        assertThat(asked)
                .allSatisfy(row -> assertThat(row.<String>getAs("state")).isEqualTo("answered"));
        List<Row> rewrites = table(spark, root, "rewrites");
        assertThat(rewrites).allSatisfy(row -> {
            assertThat(row.<String>getAs("domain")).isEqualTo("rewritten-web");
            assertThat(row.<String>getAs("model")).isEqualTo("m@r1");
            assertThat(row.<String>getAs("reuse_group")).isEqualTo(row.<String>getAs("parent_id"));
            assertThat(row.<String>getAs("rewriter")).isEqualTo(row.<String>getAs("template") + " m@r1");
        });
        assertThat(rewrites.stream()
                        .filter(row -> row.<String>getAs("source").equals("long"))
                        .map(row -> row.<String>getAs("template") + " " + row.<Integer>getAs("segments") + " "
                                + row.<String>getAs("text").split("\n\n").length)
                        .distinct()
                        .sorted())
                .containsExactly("plain@1 5 5", "reduced@1 1 1");
    }

    @Test
    void theBudgetIsNeverPassedAndALargerOneGoesOn() {
        int n = 60;
        SparkSession spark = SparkTest.spark();
        try (FaultyServer server = new FaultyServer((number, request) -> fifth(number), ModelRewriteFixture::answer)) {
            Settings settings = Settings.of(server, templates, "plain").withInFlight(4);
            Path root = folder.resolve("run");
            assertThatThrownBy(() -> rewritten(
                            spark,
                            root,
                            documents(n),
                            settings.withBudget(3_000, WhenShort.REFUSE).model()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("for 60 requests, and 3,000 tokens and 1000.0000 USD of the budget are left;"
                            + " nothing was sent");
            assertThat(server.seen).isEmpty();
            long cap = 3_500;
            assertThatThrownBy(() -> rewritten(
                            spark,
                            root,
                            documents(n),
                            settings.withBudget(cap, WhenShort.STOP).model()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("40-rewrite: the budget is spent: 0 requests were answered before, ")
                    .hasMessageContaining("Raise rewrite.model.budget and run this again, which goes on from there");
            long charged = server.charged.get();
            assertThat(16 * charged).isBetween(16L, cap);
            StageManifest part = rewritten(
                    spark,
                    root,
                    documents(n),
                    settings.withBudget(cap, WhenShort.FINISH).model());
            assertThat(server.charged.get()).isEqualTo(charged);
            assertThat(part.counts())
                    .containsEntry("requests-answered-before", charged)
                    .containsEntry("requests-answered", charged)
                    .containsEntry("requests-unsent", n - charged)
                    .containsEntry("out", charged)
                    .containsEntry("rejected.no_answer", n - charged);
            assertThat(part.counts().get("tokens-paid")).isBetween(16 * charged, cap);
            StageManifest all = rewritten(
                    spark,
                    root,
                    documents(n),
                    settings.withBudget(100_000, WhenShort.STOP).model());
            assertThat(server.charged.get()).isEqualTo(n);
            assertThat(all.counts()).containsEntry("out", (long) n).containsEntry("requests-answered", (long) n);
            assertThat(all.counts().get("tokens-paid")).isBetween(16L * n, 100_000L);
        }
    }

    @Test
    void aDryRunSendsNothingAndARefusedPartKeepsItsOriginal() {
        SparkSession spark = SparkTest.spark();
        List<Document> documents = new ArrayList<>(documents(3));
        documents.add(ModelRewriteFixture.longDocument(4));
        FaultyServer server = new FaultyServer((number, request) -> Fault.NONE, request -> {
            String text = request.body().toString();
            return text.contains("Document 1.") || text.contains("Paragraph 2 ")
                    ? "I'm sorry, but I can't help with that."
                    : ModelRewriteFixture.answer(request);
        });
        try (server) {
            Settings settings = Settings.of(server, templates, "plain").keepingOriginals();
            Path root = folder.resolve("run");
            ModelRewriteFixture.runner(spark, root).ensure(new ModelRewriteFixture.Given(documents));
            StageContext context = StageContext.looking(spark, new RunLayout(root), Stage.REWRITE, SeedStream.of(3));
            List<String> printed = ModelRewriteFixture.job(settings.model()).estimate(context);
            assertThat(server.seen).isEmpty();
            assertThat(printed).hasSize(6);
            assertThat(printed.get(1).split(" +")).startsWith("long", "plain@1", "1", "4", "4");
            assertThat(printed.get(4).split(" +")).startsWith("all", "4", "7", "7");
            assertThat(printed.get(5)).isEqualTo("budget left: 1,000,000,000 tokens and 1000.0000 USD; enough");

            StageManifest manifest = rewritten(spark, root, documents, settings.model());
            assertThat(manifest.counts())
                    .containsEntry("out", 4L)
                    .containsEntry("kept-original", 2L)
                    .containsEntry("rejected.refusal", 2L)
                    .containsEntry("openings.prose.answers", 3L);
            List<String> texts = table(spark, root, "rewrites").stream()
                    .map(row -> row.<String>getAs("text"))
                    .toList();
            assertThat(texts).contains("Document 1.").anySatisfy(text -> {
                assertThat(text.split("\n\n")).hasSize(4);
                assertThat(text.split("\n\n")[2]).startsWith("Paragraph 2 says something.");
                assertThat(text.split("\n\n")[1]).startsWith("Seen ");
            });
            checkReport(spark, root);
            List<String> again = ModelRewriteFixture.job(settings.model()).estimate(context);
            assertThat(again.get(4).split(" +")).startsWith("all", "4", "7", "0");
        }
    }

    private static void checkReport(SparkSession spark, Path root) {
        StageContext context = StageContext.looking(spark, new RunLayout(root), Stage.REPORT, SeedStream.of(3));
        ObjectNode facts = new RewriteFacts(context, 5).gather("small <run>", "digest");
        assertThat(facts.get("answers"))
                .extracting(row -> "%s %s %s %d"
                        .formatted(
                                row.get("source").asText(),
                                row.get("template").asText(),
                                row.get("reason").asText(),
                                row.get("answers").asLong()))
                .containsExactly("long plain@1 refusal 1", "s0 plain@1  2", "s1 plain@1 refusal 1");
        assertThat(facts.get("cost"))
                .extracting(row -> "%s %d %d %d %d"
                        .formatted(
                                row.get("source").asText(),
                                row.get("requests").asLong(),
                                row.get("answered").asLong(),
                                row.get("prompt_tokens").asLong(),
                                row.get("tokens").asLong()))
                .containsExactly("long 4 4 44 64", "s0 2 2 22 32", "s1 1 1 11 16");
        assertThat(facts.get("openings").get(0).get("all").asLong()).isEqualTo(3);
        assertThat(facts.get("rewrites").get(0).get("samples")).hasSize(4).anySatisfy(sample -> {
            assertThat(sample.get("source").asText()).isEqualTo("long");
            assertThat(sample.get("originals").asInt()).isEqualTo(1);
            assertThat(sample.get("original").get("text").asText()).startsWith("Paragraph 0 says");
            assertThat(sample.get("rewrite").get("text").asText()).startsWith("Seen ");
        });
        assertThat(facts.get("rejected").get(0).get("reason").asText()).isEqualTo("refusal");
        assertThat(facts.get("rejected").get(0).get("samples")).hasSize(2).anySatisfy(sample -> {
            assertThat(sample.get("measured").asDouble()).isEqualTo(1);
            assertThat(sample.get("original").get("text").asText()).isEqualTo("Document 1.");
            assertThat(sample.get("rewrite").get("text").asText()).startsWith("I'm sorry");
        });
        assertThat(RewriteReportCommand.page(facts))
                .contains("<title>small &lt;run&gt;: the rewrites</title>", "drawPairs('rejected'")
                .doesNotContain("small <run>");
    }
}
