package io.peregrine.rewrite.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.accept.AcceptConfig;
import io.peregrine.rewrite.calls.FaultyServer;
import io.peregrine.rewrite.calls.FaultyServer.Seen;
import io.peregrine.rewrite.settings.BatchConfig;
import io.peregrine.rewrite.settings.BudgetConfig;
import io.peregrine.rewrite.settings.CallMode;
import io.peregrine.rewrite.settings.CallsConfig;
import io.peregrine.rewrite.settings.EndpointConfig;
import io.peregrine.rewrite.settings.ModelConfig;
import io.peregrine.rewrite.settings.PriceConfig;
import io.peregrine.rewrite.settings.RefusedPolicy;
import io.peregrine.rewrite.settings.StyleConfig;
import io.peregrine.rewrite.settings.WhenShort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Documents, templates and settings for tests of rewriting by a model. */
final class ModelRewriteFixture {
    private static final String TEMPLATE = """
            name: %s
            version: 1
            kind: %s
            domains: [web]
            limits: {tokens-in-min: 1, tokens-in-max: 80, tokens-out-max: 20, segments-max: 32}
            sampling: {temperature: 0.7, top-p: 1, variants: 1, similarity-max: 1}
            long-text: %s
            post: []
            accept: {checks: [finish, refusal]}
            system: Be kind.
            user: "Again, please: {{text}}"
            """;

    /** No server here stalls, and a request that is given up because the machine is busy is one paid twice. */
    private static final int TIMEOUT_SECONDS = 120;

    private ModelRewriteFixture() {}

    /** Templates {@code plain}, which joins, and {@code reduced}, which reduces. */
    static Path templates(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("plain.yaml"), TEMPLATE.formatted("plain", "prose", "join"));
            Files.writeString(
                    folder.resolve("reduced.yaml"),
                    TEMPLATE.formatted("reduced", "notes", "reduce") + "reduce: \"Less, please: {{text}}\"\n");
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What a model says to a request: something that depends on the whole of it. */
    static String answer(Seen request) {
        return "Seen " + ConfigDigest.of(request.body()).substring(0, 12);
    }

    static List<Document> documents(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> Document.of("s" + i % 2, "web", "f", "#" + i, "en", "Document %d.".formatted(i)))
                .toList();
    }

    /** A document of so many paragraphs, each a segment. */
    static Document longDocument(int paragraphs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < paragraphs; i++) {
            text.append("Paragraph ")
                    .append(i)
                    .append(" says something. ".repeat(14))
                    .append("\n\n");
        }
        return Document.of("long", "web", "f", "long", "en", text.toString().strip());
    }

    static StageRunner runner(SparkSession spark, Path root) {
        return new StageRunner(spark, new RunLayout(root), SeedStream.of(3), Progress.SILENT);
    }

    /** Rewrites, after a stage before that brings the documents. */
    static StageManifest rewritten(SparkSession spark, Path root, List<Document> documents, ModelConfig model) {
        StageRunner runner = runner(spark, root);
        runner.ensure(new Given(documents));
        return runner.ensure(job(model));
    }

    static RewriteJob job(ModelConfig model) {
        return new RewriteJob(new RewriteConfig(List.of("web"), 1, AcceptConfig.DEFAULTS, Optional.of(model)));
    }

    static List<Row> table(SparkSession spark, Path root, String name) {
        return spark.read()
                .format("delta")
                .load(new RunLayout(root).rewrite().resolve(name).toString())
                .collectAsList();
    }

    record Given(List<Document> documents) implements StageJob {
        @Override
        public Stage stage() {
            return Stage.DECONTAMINATE;
        }

        @Override
        public List<Stage> after() {
            return List.of();
        }

        @Override
        public String configDigest() {
            return ConfigDigest.of(documents);
        }

        @Override
        public Outcome run(StageContext context) {
            List<Row> rows = documents.stream().map(DocumentRows::toRow).toList();
            return new Outcome(
                    Map.of("clean", context.write(context.spark().createDataset(rows, DocumentRows.ENCODER), "clean")),
                    Map.of());
        }
    }

    /** Settings, changed one after another from what most tests use. */
    static final class Settings {
        private final String url;
        private final Path templates;
        private final List<String> styles;
        private int variants = 1;
        private long tokens = 1_000_000_000;
        private WhenShort whenShort = WhenShort.STOP;
        private int inFlight = 16;
        private int commitRequests = 100_000;
        private RefusedPolicy refused = RefusedPolicy.DROP;
        private Optional<String> responses = Optional.empty();
        private CallMode mode = CallMode.DIRECT;
        private double waitSeconds = 60;

        private Settings(String url, Path templates, List<String> styles) {
            this.url = url;
            this.templates = templates;
            this.styles = styles;
        }

        static Settings of(FaultyServer server, Path templates, String... styles) {
            return of(server.endpoint().url().toString(), templates, styles);
        }

        static Settings of(String url, Path templates, String... styles) {
            return new Settings(url, templates, List.of(styles));
        }

        Settings withVariants(int many) {
            variants = many;
            return this;
        }

        Settings withBudget(long most, WhenShort then) {
            tokens = most;
            whenShort = then;
            return this;
        }

        Settings withInFlight(int many) {
            inFlight = many;
            return this;
        }

        Settings withCommit(int requests) {
            commitRequests = requests;
            return this;
        }

        Settings keepingOriginals() {
            refused = RefusedPolicy.KEEP_ORIGINAL;
            return this;
        }

        Settings sharing(Path table) {
            responses = Optional.of(table.toString());
            return this;
        }

        Settings inBatches() {
            mode = CallMode.BATCH;
            return this;
        }

        Settings waiting(double seconds) {
            waitSeconds = seconds;
            return this;
        }

        ModelConfig model() {
            return new ModelConfig(
                    "m",
                    "r1",
                    Optional.empty(),
                    Optional.of(mode),
                    List.of(new EndpointConfig("test", url, Optional.empty(), Optional.empty(), Optional.empty())),
                    Optional.of(templates.toString()),
                    styles.stream()
                            .map(style ->
                                    new StyleConfig(style, Optional.empty(), Optional.of(variants), Optional.empty()))
                            .toList(),
                    Optional.of(refused),
                    new BudgetConfig(tokens, 1_000, Optional.of(whenShort)),
                    new PriceConfig(0.15, 0.6),
                    new CallsConfig(1e9, 1e12, inFlight, 12, 0.001, 0.02, TIMEOUT_SECONDS, 100_000, commitRequests),
                    new BatchConfig(40, 100_000_000, 0.02, waitSeconds),
                    responses);
        }
    }
}
