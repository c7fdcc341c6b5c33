package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.decontaminate.EvaluationIndex;
import io.peregrine.data.decontaminate.EvaluationSets;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Stage 35: {@code unique} to {@code clean}, {@code contaminated}, {@code hits} and {@code exempt}.
 *
 * <ul>
 *   <li>{@code clean}: the documents that share nothing with an evaluation set, or less than {@code item-share-min} of
 *       each item, and those whose shared words were masked, under their new ids.
 *   <li>{@code contaminated}: the others as they were, those that were masked too, with {@code action} (drop or mask), the
 *       worst {@code set} and {@code item}, the first {@code ngram} shared with it, {@code hits} (places where a shared run
 *       of words begins), {@code item_share} (runs of that item found, over all of its runs) and {@code document_share}
 *       (words of the document in shared runs, over all of its words).
 *   <li>{@code hits}: for every pair of an evaluation item and a document that share a run the {@code ngram}, {@code
 *       runs}, {@code item_share} and whether it {@code counts}, which it does from {@code item-share-min} on.
 *   <li>{@code exempt}: {@code ngram} and {@code documents} of the runs of words that did not count, because more documents
 *       than {@code exempt-documents-max} hold them.
 * </ul>
 *
 * <p>All documents are read once; only those with a hit are looked at again to count common phrases. Without evaluation sets
 * nothing is read: {@code clean} is then the very table of the stage before, the only output.
 */
public final class DecontaminateJob implements StageJob {
    private static final Column[] DOCUMENT_COLUMNS =
            Arrays.stream(DocumentRows.SCHEMA.fieldNames()).map(functions::col).toArray(Column[]::new);

    private final DecontaminateConfig config;
    private final Path base;

    /**
     * @param config what must not be learned
     * @param base folder that relative paths of the evaluation sets start from
     */
    public DecontaminateJob(DecontaminateConfig config, Path base) {
        this.config = config;
        this.base = base;
    }

    @Override
    public Stage stage() {
        return Stage.DECONTAMINATE;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DEDUP);
    }

    @Override
    public String configDigest() {
        return EvaluationSets.contentDigest(config, base);
    }

    @Override
    public Outcome run(StageContext context) {
        if (config.sets().isEmpty()) {
            TableVersion unique = context.input(Stage.DEDUP).output("unique");
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("in", unique.rows());
            counts.put("out", unique.rows());
            counts.put("evaluation-sets", 0L);
            return new Outcome(Map.of("clean", unique), counts);
        }
        List<Dataset<Row>> persisted = new ArrayList<>();
        EvaluationIndex index = EvaluationIndex.of(config, base);
        Broadcast<EvaluationIndex> shared = JavaSparkContext.fromSparkContext(
                        context.spark().sparkContext())
                .broadcast(index);
        try {
            return run(context, index, shared, persisted);
        } finally {
            persisted.forEach(Dataset::unpersist);
            shared.destroy();
        }
    }

    private Outcome run(
            StageContext context,
            EvaluationIndex index,
            Broadcast<EvaluationIndex> shared,
            List<Dataset<Row>> persisted) {
        Dataset<Row> documents = context.table(Stage.DEDUP, "unique");
        ContaminationRows all = new ContaminationRows(config, shared, Set.of());
        Dataset<Row> suspected = persist(persisted, findings(documents, all));
        Dataset<Row> suspects = documents.join(suspected.select("id"), new String[] {"id"}, "left_semi");
        Dataset<Row> common = persist(persisted, common(suspects, all));
        Set<Long> exempt = common.select("run").collectAsList().stream()
                .map(row -> row.getLong(0))
                .collect(Collectors.toSet());
        Dataset<Row> sharing = exempt.isEmpty()
                ? suspected
                : persist(persisted, findings(suspects, new ContaminationRows(config, shared, exempt)));
        Dataset<Row> findings = sharing.where(col("action").notEqual("none"));

        Dataset<Row> untouched = documents
                .join(findings.select("id"), new String[] {"id"}, "left_anti")
                .select(DOCUMENT_COLUMNS);
        TableVersion clean = context.write(untouched.unionByName(masked(documents, findings)), "clean", "id");
        TableVersion contaminated = context.write(explained(documents, findings), "contaminated", "set", "item", "id");
        Dataset<Row> hits = sharing.select(col("id"), explode(col("found")).as("hit"))
                .select("hit.set", "hit.item", "id", "hit.ngram", "hit.runs", "hit.item_share", "hit.counts");
        TableVersion hitTable = context.write(hits, "hits", "set", "item", "id");
        TableVersion exemptTable = context.write(common.select("ngram", "documents"), "exempt", "ngram");

        Map<String, Long> counts = new LinkedHashMap<>();
        long masked = findings.where(col("action").equalTo("mask")).count();
        counts.put("in", clean.rows() + contaminated.rows() - masked);
        counts.put("out", clean.rows());
        counts.put("dropped.contaminated", contaminated.rows() - masked);
        counts.put("masked", masked);
        counts.put("evaluation-sets", (long) config.sets().size());
        counts.put("evaluation-runs", (long) index.size());
        counts.put("exempt-runs", (long) exempt.size());
        countSets(context.at(hitTable), index, counts);
        return new Outcome(
                Map.of("clean", clean, "contaminated", contaminated, "hits", hitTable, "exempt", exemptTable), counts);
    }

    private static Dataset<Row> persist(List<Dataset<Row>> persisted, Dataset<Row> rows) {
        Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
        persisted.add(kept);
        return kept;
    }

    private static Dataset<Row> findings(Dataset<Row> documents, ContaminationRows rows) {
        return documents
                .select("id", "text")
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows::findings, ContaminationRows.FINDINGS);
    }

    /** Runs of words that more documents share than may. */
    private Dataset<Row> common(Dataset<Row> suspects, ContaminationRows rows) {
        long most = config.exemptDocumentsMax() == 0 ? Long.MAX_VALUE : config.exemptDocumentsMax();
        return suspects.select("id", "text")
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows::runs, ContaminationRows.RUNS)
                .groupBy("run")
                .agg(count(lit(1)).as("documents"), min("ngram").as("ngram"))
                .where(col("documents").gt(most));
    }

    private static Dataset<Row> masked(Dataset<Row> documents, Dataset<Row> findings) {
        return documents
                .join(
                        findings.where(col("action").equalTo("mask")).select("id", "masked_id", "masked_text"),
                        new String[] {"id"},
                        "inner")
                .withColumn("id", col("masked_id"))
                .withColumn("text", col("masked_text"))
                .select(DOCUMENT_COLUMNS);
    }

    private static Dataset<Row> explained(Dataset<Row> documents, Dataset<Row> findings) {
        return documents
                .join(findings.drop("masked_id", "masked_text", "found"), "id")
                .select(
                        col("id"),
                        col("source"),
                        col("domain"),
                        col("origin"),
                        col("location"),
                        col("repository"),
                        col("licence"),
                        col("language"),
                        col("action"),
                        col("set"),
                        col("item"),
                        col("ngram"),
                        col("hits"),
                        col("item_share"),
                        col("document_share"),
                        col("text"));
    }

    private static void countSets(Dataset<Row> hits, EvaluationIndex index, Map<String, Long> counts) {
        Map<String, Row> touched = hits
                .where(col("counts"))
                .groupBy("set")
                .agg(countDistinct("item").as("items"), countDistinct("id").as("documents"))
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row));
        Map<String, Long> belowShare = hits
                .groupBy("set", "id")
                .agg(max("counts").as("counts"))
                .where(functions.not(col("counts")))
                .groupBy("set")
                .count()
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
        index.facts().forEach((set, facts) -> {
            Row row = touched.get(set);
            counts.put("items." + set, facts.items());
            counts.put("items-uncovered." + set, facts.itemsUncovered());
            counts.put("items-touched." + set, row == null ? 0 : row.getLong(1));
            counts.put("documents-touched." + set, row == null ? 0 : row.getLong(2));
            counts.put("documents-below-share." + set, belowShare.getOrDefault(set, 0L));
        });
    }
}
