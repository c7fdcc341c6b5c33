package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageDoubts;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What {@code data report} and the notebook on quality show, as JSON: counts, histograms and samples from the tables that a run's manifests name.
 *
 * <p>Texts are cut to {@value #SAMPLE_CHARACTERS} characters before they leave the executors.
 */
public final class DataFacts {
    static final int SAMPLE_CHARACTERS = 4000;

    private static final String TOKENS = "tokens";

    private final LazySpark spark;
    private final RunLayout layout;
    private final RuleSets sets;
    private final int samples;

    /**
     * Facts about a run.
     *
     * @param spark opened when a table has to be read
     * @param sets the rules whose limits stand beside the values
     * @param samples documents shown for each reason and source
     */
    public DataFacts(LazySpark spark, RunLayout layout, RuleSets sets, int samples) {
        this.spark = spark;
        this.layout = layout;
        this.sets = sets;
        this.samples = samples;
    }

    /**
     * Everything there is to see.
     *
     * @param run name of the run
     * @param digest of its settings
     * @throws DataException if no stage has finished
     */
    public ObjectNode gather(String run, String digest) {
        ObjectNode facts = counts(run, digest);
        lengths(textTables(), facts.putObject("lengths"));
        table(Stage.SIGNALS, "annotated")
                .ifPresent(annotated -> facts.set("signals", SignalHistograms.of(annotated, sets)));
        table(Stage.FILTERS, "dropped").ifPresent(dropped -> {
            facts.set("reasons", DocumentSamples.byRule(dropped, sets, samples));
            facts.set("hosts", Hosts.of(table(Stage.FILTERS, "kept").orElseThrow(), dropped));
        });
        table(Stage.DOCUMENTS, "rejected")
                .ifPresent(rejected -> facts.set("rejected", DocumentSamples.rejected(rejected, samples)));
        last().ifPresent(left -> facts.set("left", DocumentSamples.bySource(left, samples)));
        missing(facts.putArray("missing"));
        return facts;
    }

    /**
     * The counts alone: by stage, table, source, language, reason, licence and evaluation set.
     *
     * @throws DataException if no stage has finished
     */
    ObjectNode counts(String run, String digest) {
        if (StageManifest.read(layout, Stage.DOCUMENTS).isEmpty()) {
            throw new DataException(
                    "%s: no stage of this run has finished; run 'peregrine ingest' first".formatted(layout.root()));
        }
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("title", run + ": the data");
        ArrayNode head = facts.putArray("facts");
        head.addObject().put("label", "folder").put("value", layout.root().toString());
        head.addObject().put("label", "settings digest").put("value", digest);
        doubts(head);
        stages(facts.putArray("stages"));
        flow(textTables(), facts.putArray("flow"));
        table(Stage.FILTERS, "dropped").ifPresent(dropped -> facts.set("drops", GroupFacts.drops(dropped)));
        table(Stage.DEDUP, "duplicates")
                .ifPresent(duplicates -> facts.set("duplicates", DuplicateFacts.of(duplicates, samples)));
        table(Stage.DECONTAMINATE, "contaminated")
                .ifPresent(contaminated -> facts.set(
                        "contamination",
                        ContaminationFacts.of(
                                StageManifest.require(layout, Stage.DECONTAMINATE), contaminated, samples)));
        last().ifPresent(left -> facts.set("licences", GroupFacts.licences(left)));
        return facts;
    }

    /** What stages did that nobody asks for, at the head of the page. */
    private void doubts(ArrayNode head) {
        for (Stage stage : Stage.values()) {
            if (stage.compareTo(Stage.REWRITE) < 0) {
                StageManifest.read(layout, stage)
                        .ifPresent(manifest -> StageDoubts.of(manifest)
                                .forEach(doubt -> head.addObject()
                                        .put("label", "warning, " + stage.folder())
                                        .put("value", doubt)));
            }
        }
    }

    /** The documents as the last stage that may drop some has left them. */
    private Optional<Dataset<Row>> last() {
        return table(Stage.DECONTAMINATE, "clean")
                .or(() -> table(Stage.DEDUP, "unique"))
                .or(() -> table(Stage.FILTERS, "kept"))
                .or(() -> table(Stage.DOCUMENTS, "documents"));
    }

    /** Which sections have nothing to show yet, and which command fills them. */
    private void missing(ArrayNode missing) {
        if (StageManifest.read(layout, Stage.SIGNALS).isEmpty()) {
            missing(missing, "signals", "Nothing has been measured yet: 'peregrine filter' does it.");
        }
        if (StageManifest.read(layout, Stage.FILTERS).isEmpty()) {
            missing(missing, "reasons", "The filters have not run yet: 'peregrine filter' runs them.");
            missing(missing, "hosts", "Hosts are counted after the filters, which have not run yet.");
        }
        if (StageManifest.read(layout, Stage.DEDUP).isEmpty()) {
            missing(missing, "duplicates", "Duplicates have not been looked for yet: 'peregrine dedup' does it.");
        }
        if (StageManifest.read(layout, Stage.DECONTAMINATE).isEmpty()) {
            missing(
                    missing,
                    "contamination",
                    "Evaluation texts have not been looked for yet: 'peregrine decontaminate' does it.");
        } else if (table(Stage.DECONTAMINATE, "contaminated").isEmpty()) {
            missing(
                    missing,
                    "contamination",
                    "The run file names no evaluation set, so none was looked for: see its section 'decontaminate'.");
        }
        if (StageManifest.read(layout, Stage.TOKENS).isEmpty()) {
            missing(missing, "flow", "The tokens stage has not run yet, so tokens are not counted.");
        }
    }

    private static void missing(ArrayNode missing, String section, String text) {
        missing.addObject().put("section", section).put("text", text);
    }

    /** A table of a stage at the version of its manifest; nothing if the stage has not happened or has no such table. */
    private Optional<Dataset<Row>> table(Stage stage, String name) {
        return StageManifest.read(layout, stage)
                .map(manifest -> manifest.outputs().get(name))
                .map(this::at);
    }

    private Dataset<Row> at(TableVersion table) {
        return spark.session()
                .read()
                .format("delta")
                .option("versionAsOf", table.version())
                .load(layout.root().resolve(table.path()).toString());
    }

    /** The counts and seconds of every data stage that has happened, from the manifests. */
    private void stages(ArrayNode stages) {
        for (Stage stage : Stage.values()) {
            if (stage.compareTo(Stage.REWRITE) < 0) {
                StageManifest.read(layout, stage).ifPresent(manifest -> {
                    ObjectNode node = stages.addObject();
                    node.put("stage", stage.folder()).put("seconds", manifest.seconds());
                    ObjectNode counts = node.putObject("counts");
                    manifest.counts().forEach(counts::put);
                });
            }
        }
    }

    /** Documents and bytes, and tokens where they are known, by table, source, domain and language. */
    private static void flow(List<TextTable> tables, ArrayNode flow) {
        for (TextTable texts : tables) {
            Dataset<Row> sums = texts.rows
                    .groupBy("source", "domain", "language")
                    .agg(count(lit(1)), sum(octet_length(col("text"))), sum(col(TOKENS)))
                    .orderBy("source", "domain", "language");
            for (Row row : sums.collectAsList()) {
                ObjectNode node = flow.addObject()
                        .put("table", texts.name)
                        .put("source", row.getString(0))
                        .put("domain", row.getString(1))
                        .put("language", row.getString(2))
                        .put("documents", row.getLong(3))
                        .put("bytes", row.getLong(4));
                if (!row.isNullAt(5)) {
                    node.put("tokens", row.getLong(5));
                }
            }
        }
    }

    /** For each table of texts, how many have a length of 2^k to 2^(k+1) characters. */
    private static void lengths(List<TextTable> tables, ObjectNode lengths) {
        for (TextTable texts : tables) {
            ArrayNode bins = lengths.putArray(texts.name);
            Column bin = floor(log2(length(col("text")).cast("double")));
            for (Row row : texts.rows
                    .where(length(col("text")).gt(0))
                    .groupBy(bin.as("bin"))
                    .count()
                    .orderBy("bin")
                    .collectAsList()) {
                bins.addObject().put("bin", row.getLong(0)).put("documents", row.getLong(1));
            }
        }
    }

    /** Texts with {@code source}, {@code domain}, {@code language}, {@code text} and perhaps {@value DataFacts#TOKENS}. */
    private record TextTable(String name, Dataset<Row> rows) {}

    /** The texts after each stage that may change which they are. */
    private List<TextTable> textTables() {
        List<TextTable> tables = new ArrayList<>();
        add(tables, Stage.SIGNALS, "annotated", "measured");
        add(tables, Stage.FILTERS, "kept", "kept");
        add(tables, Stage.DEDUP, "unique", "unique");
        if (table(Stage.DECONTAMINATE, "contaminated").isPresent()) {
            add(tables, Stage.DECONTAMINATE, "clean", "clean");
        }
        if (tables.isEmpty()) {
            add(tables, Stage.DOCUMENTS, "documents", "read");
        }
        table(Stage.TOKENS, "tokens").ifPresent(tokens -> tables.add(new TextTable("tokenized", tokenized(tokens))));
        return tables;
    }

    private void add(List<TextTable> tables, Stage stage, String table, String name) {
        table(stage, table).ifPresent(rows -> tables.add(new TextTable(name, texts(rows))));
    }

    private static Dataset<Row> texts(Dataset<Row> rows) {
        return rows.select(
                col("source"),
                col("domain"),
                col("language"),
                col("text"),
                lit(null).cast("bigint").as(TOKENS));
    }

    /** The texts of the tokens stage, those that it made itself of others (repositories, rewrites) too. */
    private Dataset<Row> tokenized(Dataset<Row> tokens) {
        // Equal texts of one stream have equal ids and equally many tokens.
        Dataset<Row> byId = tokens.groupBy("stream", "id").agg(max("n_tok").as("n_tok"));
        Dataset<Row> texts = Stream.of(
                        table(Stage.DECONTAMINATE, "clean"),
                        table(Stage.REPOSITORIES, "repositories"),
                        table(Stage.REWRITE, "rewrites"))
                .flatMap(Optional::stream)
                .map(rows -> rows.select("id", "source", "domain", "language", "text"))
                .reduce(Dataset::union)
                .orElseThrow(() -> new DataException(
                        "%s: tokens without the texts they were made of; run 'peregrine decontaminate' again"
                                .formatted(layout.root())));
        return texts.join(
                        byId,
                        texts.col("id")
                                .equalTo(byId.col("id"))
                                .and(texts.col("domain").equalTo(byId.col("stream"))))
                .select(
                        col("source"),
                        col("domain"),
                        col("language"),
                        col("text"),
                        col("n_tok").cast("bigint").as(TOKENS));
    }
}
