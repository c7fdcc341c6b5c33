package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.dedup.Clusters;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Stage 30: {@code kept} to {@code unique}, {@code duplicates} and {@code clusters}.
 *
 * <p>Of documents with one id, that of the best source is kept, then the smallest by source, origin and location. Of
 * near duplicates, that of the best source, then the smallest id; so a node of the graph is named by both, and the
 * smallest label of a component is the document that is kept. Near duplicates are looked for over all domains together.
 *
 * <ul>
 *   <li>{@code unique}: the documents kept.
 *   <li>{@code duplicates}: the others, with {@code kind} (exact or near), {@code cluster} (id of the document kept
 *       instead), {@code cluster_size} (documents in the cluster, copies and the kept one included) and {@code
 *       estimated_jaccard} between the two.
 *   <li>{@code clusters}: {@code id}, {@code cluster}, {@code size} for every id of a cluster of more than one document.
 * </ul>
 */
public final class DedupJob implements StageJob {
    private static final int RANK_DIGITS = 4;
    private static final Encoder<Row> LABELS = Encoders.row(
            new StructType().add("node", DataTypes.StringType, false).add("label", DataTypes.StringType, false));
    private static final Column[] DOCUMENT_COLUMNS = List.of(DocumentRows.SCHEMA.fieldNames()).stream()
            .map(org.apache.spark.sql.functions::col)
            .toArray(Column[]::new);

    private final DedupConfig config;

    public DedupJob(DedupConfig config) {
        this.config = config;
    }

    @Override
    public Stage stage() {
        return Stage.DEDUP;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.FILTERS);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(config);
    }

    @Override
    public Outcome run(StageContext context) {
        Path scratch = context.folder().resolve("scratch");
        List<Dataset<Row>> kept = new ArrayList<>();
        try {
            return run(context, scratch, kept);
        } finally {
            kept.forEach(Dataset::unpersist);
            ConnectedComponents.deleteScratch(scratch);
        }
    }

    private Outcome run(StageContext context, Path scratch, List<Dataset<Row>> persisted) {
        Dataset<Row> documents = context.table(Stage.FILTERS, "kept").withColumn("node", concat(rank(), col("id")));
        Dataset<Row> copied = persist(
                persisted, documents.groupBy("id").count().where(col("count").gt(1)));
        Dataset<Row> ranked = documents
                .join(copied.select("id"), "id")
                .withColumn("place", row_number().over(Window.partitionBy("id").orderBy(placing())));
        Dataset<Row> distinct = documents
                .join(copied.select("id"), new String[] {"id"}, "left_anti")
                .unionByName(ranked.where(col("place").equalTo(1)).drop("place"));
        Dataset<Row> copies = ranked.where(col("place").gt(1));

        Dataset<Row> signatures = persist(persisted, NearDuplicates.signatures(distinct));
        Dataset<Row> compared =
                persist(persisted, NearDuplicates.compare(NearDuplicates.candidates(signatures), signatures));
        Dataset<Row> edges =
                compared.where(col("similarity").geq(config.similarityMin())).select("a", "b");
        Row pairs = compared.agg(count(lit(1)), count(when(col("similarity").lt(config.similarityMin()), lit(1))))
                .head();
        long cut = pairs.getLong(1);
        Dataset<Row> labels = persist(
                persisted,
                pairs.getLong(0) - cut <= config.edgesInMemoryMax()
                        ? labelsInMemory(context, edges)
                        : ConnectedComponents.of(edges, scratch));
        Dataset<Row> clusters = persist(persisted, clusters(labels, copied));
        Dataset<Row> similarities = NearDuplicates.compare(
                        labels.where(col("node").notEqual(col("label")))
                                .select(col("node").as("a"), col("label").as("b")),
                        signatures)
                .select(id("a").as("id"), col("similarity"));

        Dataset<Row> lost = clusters.where(col("id").notEqual(col("cluster")));
        Dataset<Row> unique = distinct.join(lost.select("id"), new String[] {"id"}, "left_anti")
                .select(DOCUMENT_COLUMNS);
        Dataset<Row> near = explained(distinct, lost, similarities, "near");
        Dataset<Row> exact = explained(copies, clusters, similarities, "exact");

        TableVersion uniqueTable = context.write(unique, "unique", "id");
        TableVersion duplicates = context.write(near.unionByName(exact), "duplicates", "cluster", "id");
        TableVersion clusterTable =
                context.write(clusters.select("id", "cluster", "size"), "clusters", "cluster", "id");

        Row lostAndClusters = clusters.agg(
                        count(when(col("id").notEqual(col("cluster")), lit(1))), countDistinct("cluster"))
                .head();
        long lostToNear = lostAndClusters.getLong(0);
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("in", uniqueTable.rows() + duplicates.rows());
        counts.put("out", uniqueTable.rows());
        counts.put("dropped.exact", duplicates.rows() - lostToNear);
        counts.put("dropped.near", lostToNear);
        counts.put("pairs-sharing-a-band", pairs.getLong(0));
        counts.put("pairs-cut-by-similarity", cut);
        counts.put("clusters", lostAndClusters.getLong(1));
        return new Outcome(Map.of("unique", uniqueTable, "duplicates", duplicates, "clusters", clusterTable), counts);
    }

    private static Dataset<Row> persist(List<Dataset<Row>> persisted, Dataset<Row> rows) {
        Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
        persisted.add(kept);
        return kept;
    }

    /** The place of the document's source in the settings, as digits that sort like numbers. */
    private Column rank() {
        Column rank = lit(digits(config.sourcePriority().size()));
        for (int i = config.sourcePriority().size() - 1; i >= 0; i--) {
            rank = when(col("source").equalTo(config.sourcePriority().get(i)), lit(digits(i)))
                    .otherwise(rank);
        }
        return rank;
    }

    private static String digits(int rank) {
        return ("%0" + RANK_DIGITS + "d").formatted(rank);
    }

    /** The id in the name of a node. */
    private static Column id(String node) {
        return col(node).substr(RANK_DIGITS + 1, Integer.MAX_VALUE);
    }

    private static Column[] placing() {
        return new Column[] {col("node"), col("source"), col("origin"), col("location"), col("domain"), col("language")
        };
    }

    private static Dataset<Row> labelsInMemory(StageContext context, Dataset<Row> edges) {
        List<Clusters.Edge> pairs = edges.collectAsList().stream()
                .map(row -> new Clusters.Edge(row.getString(0), row.getString(1)))
                .toList();
        List<Row> labels = new ArrayList<>();
        Clusters.of(pairs).forEach((node, label) -> labels.add(RowFactory.create(node, label)));
        return context.spark().createDataset(labels, LABELS);
    }

    /** Each id that is not alone, with the id that is kept for it and the number of documents that share this. */
    private static Dataset<Row> clusters(Dataset<Row> labels, Dataset<Row> copied) {
        Dataset<Row> members = labels.select(id("node").as("id"), id("label").as("cluster"))
                .join(copied, new String[] {"id"}, "full_outer")
                .select(
                        col("id"),
                        coalesce(col("cluster"), col("id")).as("cluster"),
                        coalesce(col("count"), lit(1L)).as("documents"));
        Dataset<Row> sizes = members.groupBy("cluster").agg(sum("documents").as("size"));
        return members.join(sizes, "cluster");
    }

    private static Dataset<Row> explained(
            Dataset<Row> documents, Dataset<Row> clusters, Dataset<Row> similarities, String kind) {
        return documents
                .select(DOCUMENT_COLUMNS)
                .join(clusters.select("id", "cluster", "size"), "id")
                .join(similarities, new String[] {"id"}, "left")
                .select(
                        col("id"),
                        col("source"),
                        col("domain"),
                        col("origin"),
                        col("location"),
                        col("language"),
                        col("text"),
                        lit(kind).as("kind"),
                        col("cluster"),
                        col("size").as("cluster_size"),
                        coalesce(col("similarity"), lit(1.0)).as("estimated_jaccard"));
    }
}
