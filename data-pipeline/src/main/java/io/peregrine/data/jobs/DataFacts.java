package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What {@code data report} shows, as JSON: counts, histograms and samples from the tables that a run's manifests name.
 *
 * <p>Texts are cut to {@value #SAMPLE_CHARACTERS} characters before they leave the executors.
 */
final class DataFacts {
    static final int SAMPLE_CHARACTERS = 4000;

    private final LazySpark spark;
    private final RunFile file;
    private final RunLayout layout;
    private final RuleSets sets;
    private final int samples;

    DataFacts(LazySpark spark, RunFile file, RuleSets sets, int samples) {
        this.spark = spark;
        this.file = file;
        this.layout = file.layout();
        this.sets = sets;
        this.samples = samples;
    }

    ObjectNode gather() {
        if (StageManifest.read(layout, Stage.DOCUMENTS).isEmpty()) {
            throw new DataException(
                    "%s: no stage of this run has finished; run 'peregrine ingest' first".formatted(layout.root()));
        }
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("title", file.head().run() + ": the data");
        head(facts.putArray("facts"));
        funnel(facts.putArray("stages"));
        flow(facts.putArray("flow"));
        lengths(facts.putObject("lengths"));
        table(Stage.SIGNALS, "annotated")
                .ifPresent(annotated -> facts.set("signals", SignalHistograms.of(annotated, sets)));
        table(Stage.FILTERS, "dropped").ifPresent(dropped -> {
            facts.set("reasons", DocumentSamples.byRule(dropped, sets, samples));
            facts.set("hosts", Hosts.of(table(Stage.FILTERS, "kept").orElseThrow(), dropped));
        });
        table(Stage.DOCUMENTS, "rejected")
                .ifPresent(rejected -> facts.set("rejected", DocumentSamples.rejected(rejected, samples)));
        table(Stage.DEDUP, "duplicates")
                .ifPresent(duplicates -> facts.set("duplicates", DuplicateFacts.of(duplicates, samples)));
        return facts;
    }

    private void head(ArrayNode facts) {
        facts.addObject().put("label", "folder").put("value", layout.root().toString());
        facts.addObject().put("label", "settings digest").put("value", file.digest());
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

    /** In, out and seconds of every data stage that has happened, from the manifests. */
    private void funnel(ArrayNode stages) {
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

    /** Documents and bytes by table, source, domain and language. */
    private void flow(ArrayNode flow) {
        for (TextTable texts : textTables()) {
            Dataset<Row> sums = texts.rows
                    .groupBy("source", "domain", "language")
                    .agg(count(lit(1)), sum(octet_length(col("text"))))
                    .orderBy("source", "domain", "language");
            for (Row row : sums.collectAsList()) {
                flow.addObject()
                        .put("table", texts.name)
                        .put("source", row.getString(0))
                        .put("domain", row.getString(1))
                        .put("language", row.getString(2))
                        .put("documents", row.getLong(3))
                        .put("bytes", row.getLong(4));
            }
        }
    }

    /** For each table of texts, how many have a length of 2^k to 2^(k+1) characters. */
    private void lengths(ObjectNode lengths) {
        for (TextTable texts : textTables()) {
            ArrayNode bins = lengths.putArray(texts.name);
            Column bin = org.apache.spark.sql.functions.floor(
                    org.apache.spark.sql.functions.log2(length(col("text")).cast("double")));
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

    private record TextTable(String name, Dataset<Row> rows) {}

    private List<TextTable> textTables() {
        List<TextTable> tables = new ArrayList<>();
        add(tables, Stage.SIGNALS, "annotated", "measured");
        add(tables, Stage.FILTERS, "kept", "kept");
        add(tables, Stage.DEDUP, "unique", "unique");
        if (tables.isEmpty()) {
            add(tables, Stage.DOCUMENTS, "documents", "read");
        }
        return tables;
    }

    private void add(List<TextTable> tables, Stage stage, String table, String name) {
        table(stage, table).ifPresent(rows -> tables.add(new TextTable(name, rows)));
    }
}
