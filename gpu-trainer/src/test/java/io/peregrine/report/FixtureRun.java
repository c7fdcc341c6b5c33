package io.peregrine.report;

import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.data.tokenizer.WordCount;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import io.peregrine.trainer.train.Initialization;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A run of the size of the quickstart as it lies on disk, with hostile text wherever a crawl could put some. */
final class FixtureRun {
    static final String HOSTILE = "</script><script>alert('x')</script><img src=x onerror=alert(1)>\u2028&amp;";
    static final double UNIGRAM_NATS = 6.8713;
    static final int STEPS = 400;

    private final RunLayout layout;

    FixtureRun(Path root) {
        this.layout = new RunLayout(root);
    }

    RunLayout layout() {
        return layout;
    }

    /** Writes all of it. */
    FixtureRun whole(SparkSession spark) throws IOException {
        settings();
        documents(spark);
        manifest(Stage.SIGNALS, 31.5, List.of("annotated"), "in", 8412, "out", 8412);
        manifest(
                Stage.FILTERS,
                38.2,
                List.of("kept", "dropped"),
                "in",
                8412,
                "out",
                6105,
                "dropped.language",
                213,
                "dropped.gopher_short_doc",
                1530,
                "dropped.gopher_below_alpha_threshold",
                388,
                "dropped.gopher_too_many_bullets",
                176,
                "web.in",
                5100,
                "web.out",
                3300,
                "code.in",
                3312,
                "code.out",
                2805);
        manifest(
                Stage.DEDUP,
                44.9,
                List.of("unique", "duplicates"),
                "in",
                6105,
                "out",
                5321,
                "dropped.exact",
                402,
                "dropped.near",
                382);
        manifest(Stage.DECONTAMINATE, 3.1, List.of("clean"), "in", 5321, "out", 5321);
        manifest(Stage.REPOSITORIES, 2.2, List.of("repositories"), "out", 0);
        manifest(Stage.REWRITE, 12.4, List.of("rewrites"), "in", 5321, "out", 1204);
        manifest(Stage.TOKENIZER, 9.8, List.of("tokenizer"), "pretokens", 91_233);
        tokens();
        manifest(Stage.TOKENS, 21.3, List.of("tokens"), "documents", 6525, "tokens", 4_921_000);
        mixture();
        manifest(Stage.SHARDS, 17.7, List.of("code", "math", "web"), "sequences", 9600);
        train();
        return this;
    }

    void settings() throws IOException {
        write(layout.settings(), """
                run: "quickstart"
                root: "%s"
                seed: 42
                report: {prompts: ["<b>ab"], sample-tokens: 9}
                sources:
                - {name: "jdk-docs", kind: "html-archive", domain: "web", paths: ["commons-*-javadoc.jar"], licence: "Apache-2.0"}
                - {name: "jackson", kind: "code-archive", domain: "code", paths: ["jackson-databind-2.20.0-sources.jar"], licence: "Apache-2.0"}
                - {name: "commons-math", kind: "code-archive", domain: "math", paths: ["commons-math3-3.6.1-sources.jar"], licence: "Apache-2.0"}
                """.formatted(layout.root()));
    }

    void documents(SparkSession spark) {
        StructType schema = new StructType();
        for (String column : List.of("source", "origin", "position", "reason", "detail")) {
            schema = schema.add(column, DataTypes.StringType);
        }
        spark.createDataFrame(
                        List.of(
                                RowFactory.create(
                                        "jdk-docs", "a.warc.gz", "record 17 at byte 88123", "truncated", HOSTILE),
                                RowFactory.create(
                                        "jackson", "b.jsonl", "line 9", "malformed_json", "Unexpected end-of-input")),
                        schema)
                .coalesce(1)
                .write()
                .format("delta")
                .save(layout.table(Stage.DOCUMENTS, "rejected").toString());
        manifest(
                Stage.DOCUMENTS,
                31.5,
                List.of("documents", "rejected"),
                "documents",
                8412,
                "rejected.malformed-json",
                1,
                "rejected.truncated",
                1,
                "text-bytes",
                31_400_000,
                "jdk-docs.documents",
                5100,
                "jackson.documents",
                2300);
    }

    void tokens() throws IOException {
        Map<String, TokenStatistics.Counted> streams = new TreeMap<>();
        for (String stream : List.of("code", "math", "web")) {
            TreeMap<Integer, Long> counts = new TreeMap<>();
            for (int rank = 1; rank <= 4000; rank++) { // Zipf's law, about
                counts.put(16 + rank, 300_000L / rank + stream.length());
            }
            streams.put(stream, new TokenStatistics.Counted(2000, 9_000_000, new WordCount(100, 60), counts));
        }
        Files.createDirectories(layout.tokens());
        TokenStatistics.of(4096, streams).write(layout.tokens());
    }

    void mixture() throws IOException {
        Map<String, StreamMix> asked = new TreeMap<>();
        asked.put("code", StreamMix.of(new BigDecimal("0.35")));
        asked.put("math", StreamMix.of(new BigDecimal("0.15")).withMaxEpochs(new BigDecimal(4)));
        asked.put("web", StreamMix.of(new BigDecimal("0.5")));
        MixtureConfig config = new MixtureConfig(
                512,
                256,
                Optional.of(4_000_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                65536,
                1024,
                0,
                CapMode.PROJECT,
                asked,
                ScheduleConfig.DEFAULTS);
        MixturePlan plan = MixturePlanner.plan(
                config,
                List.of(
                        packed("code", 2100, 1_900_000, 3720),
                        packed("math", 600, 420_000, 826),
                        packed("web", 3300, 2_601_000, 5090)),
                2,
                "00000000000000aa");
        Files.createDirectories(layout.mixture());
        PlanFile.write(layout.mixture().resolve(MixturePlan.FILE_NAME), plan);
        manifest(Stage.MIXTURE, 3.1, List.of("plan"), "sequences", plan.totalSequences());
    }

    void train() throws IOException {
        metrics(STEPS, "");
        write(layout.train().resolve("training.json"), """
                {"steps": 400, "tokens": 3100000, "parameters": 3181056, "flops_per_token": 2.4e7, "unigram_nats": %s,
                 "last_loss": 3.4, "best_validation_nats": 3.61, "held_out_sequences": 64}
                """.formatted(UNIGRAM_NATS));
        checkpoint();
        manifest(Stage.TRAIN, 248.0, List.of("model"), "steps", STEPS, "tokens", 3_100_000);
    }

    /** A model that has learned nothing. */
    void checkpoint() {
        RunState state = new RunState(STEPS, 0, 3_100_000, 0xaa, "p", "c", RunState.NOT_VALIDATED, CodeVersion.CURRENT);
        new Checkpoints(layout.train().resolve(Checkpoints.FOLDER)).write(state, folder -> {
            TestRun.writeTokenizer(folder);
            try (Ops ops = Backend.REFERENCE.open(DType.F32, 1)) {
                FalconH1Config config = FalconH1Config.read(TrainSettings.MODEL);
                Parameters parameters = Parameters.zeros(config, ops);
                Initialization.initialize(parameters, SeedStream.of(3));
                ModelFolder.write(folder, new FalconH1Model(config, parameters, ops));
            }
        });
    }

    /** A loss that falls from ln(4096) with noise that is always the same. */
    void metrics(int steps, String tail) throws IOException {
        SeedStream noise = SeedStream.of(1).child("fixture");
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            double loss = 3.3 + 5.0 * Math.exp(-step / 60.0) + 0.08 * noise.nextGaussian();
            double rate = 4e-3 * Math.min(1, step / 40.0) * Math.min(1, (steps - step + 1) / 80.0);
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"kind\":\"step\",\"step\":%d,\"tokens\":%d,\"loss\":%.12f,\"learning_rate\":%.3e,"
                            + "\"weight_decay\":0.1,\"gradient_norm\":%.4f,\"tokens_per_second\":%.1f,\"gflops\":%.2f%s}%n",
                    step,
                    step * 7750L,
                    loss,
                    rate,
                    0.6 + 4 / (1 + step / 20.0),
                    12500 + 300 * noise.nextGaussian(),
                    61.0,
                    step % 20 == 0 ? norms(step) : ""));
            if (step % 100 == 0) {
                lines.append(String.format(
                        Locale.ROOT,
                        "{\"kind\":\"validation\",\"step\":%d,\"tokens\":%d,\"loss\":%.6f,\"bits_per_byte\":1.61,"
                                + "\"predictions\":32000,\"streams\":{\"web\":3.5}}%n",
                        step,
                        step * 7750L,
                        loss + 0.1));
            }
        }
        lines.append("{\"kind\":\"spike\",\"step\":333,\"first_step\":331,\"tokens_before\":2557500,\"loss\":5.25,"
                + "\"median\":3.5,\"deviations\":21.9,\"position\":5328}\n"
                + "{\"kind\":\"rollback\",\"step\":150,\"spike_step\":171,\"loss\":\"NaN\",\"median\":3.7,"
                + "\"from_position\":2400,\"to_position\":2736}\n");
        write(layout.train().resolve("metrics.jsonl"), lines + tail);
    }

    private static String norms(int step) {
        String byKind = "{\"embedding\":%.3f,\"lm-head\":%.3f,\"ssm-in\":%.3f,\"d\":%.3f}";
        String format = ",\"norms\":{\"parameters\":" + byKind + ",\"gradients\":" + byKind + ",\"updates\":" + byKind
                + ",\"step_size_mean\":0.04,\"step_size_largest\":%.2f}";
        double grown = 1 + step / 400.0;
        return String.format(
                Locale.ROOT, format, 9 * grown, 8.0, 7.0, 2.0, 0.3, 0.4, 0.2, 0.1, 0.05, 0.04, 0.03, 0.01, grown);
    }

    void manifest(Stage stage, double seconds, List<String> outputs, Object... counts) {
        Map<String, TableVersion> tables = new TreeMap<>();
        for (String output : outputs) {
            String digest = new PayloadDigest().add(stage.folder()).add(output).hex();
            tables.put(
                    output,
                    new TableVersion(stage.folder() + "/" + output, 0, output.equals("rejected") ? 2 : 1000, digest));
        }
        Map<String, Long> counted = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i += 2) {
            counted.put((String) counts[i], ((Number) counts[i + 1]).longValue());
        }
        new StageManifest(stage, "f", Map.of(), tables, counted, seconds, CodeVersion.CURRENT).write(layout);
    }

    private static PackedStream packed(String name, long documents, long tokens, long sequences) {
        return new PackedStream(
                name,
                documents,
                tokens,
                List.of(sequences),
                new PayloadDigest().add(name).hex());
    }

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
