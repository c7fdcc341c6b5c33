package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.dedup.Clusters;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.dedup.KeepOrder;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Stage 30: {@code kept} to {@code unique}, {@code duplicates} and {@code clusters}.
 *
 * <p>Of documents with one id, the first in the order of {@link KeepOrder} is kept, then the smallest by source, origin and
 * location; of near duplicates, the first in that order. A node of the graph is a name that says it all, so the smallest
 * label of a component is the document that is kept. Near duplicates are looked for over all domains together.
 *
 * <ul>
 *   <li>{@code unique}: the documents kept.
 *   <li>{@code duplicates}: the others, with {@code kind} (below), {@code cluster} (id of the document kept instead), {@code
 *       cluster_size} (documents of this run in the cluster, copies and the kept one included) and {@code
 *       estimated_jaccard} between the two.
 *   <li>{@code clusters}: {@code id}, {@code cluster}, {@code size} for every id of a cluster of more than one document.
 *   <li>{@code largest_buckets}: the bands that most documents share: {@code band}, {@code key}, {@code members}, and the
 *       {@code id} of the first of them.
 *   <li>the tables of {@link DedupIndex}, if an index is asked for.
 *   <li>{@code rewritten} and {@code repeated_lines}, if texts are rewritten, see {@link DedupTexts}.
 * </ul>
 *
 * <p>Kinds: {@code exact} and {@code near}; {@code exact-earlier} and {@code near-earlier} for what a run that this one is
 * {@code against} has already; those of {@link DedupTexts}.
 *
 * <p>Against an earlier run A, of the documents B exactly those are kept that one run over A and B keeps, if all of A come
 * before all of B in the keep order (sources of A first in {@code source-priority}) and {@code similarity-min} is the same:
 * a bucket's edges go to its smallest document, which the index remembers whether or not it was kept, so that chains
 * through documents that A dropped count. Only what A kept can differ: where a document of B links two clusters of A, one
 * run would keep one document of the two, while A has kept both already; the count {@code earlier-clusters-linked} says how
 * many such nodes there are.
 */
public final class DedupJob implements StageJob {
    private static final Encoder<Row> LABELS = Encoders.row(
            new StructType().add("node", DataTypes.StringType, false).add("label", DataTypes.StringType, false));
    static final Column[] DOCUMENT_COLUMNS =
            Arrays.stream(DocumentRows.SCHEMA.fieldNames()).map(functions::col).toArray(Column[]::new);
    private static final int ID_CHARACTERS = 32;

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
        return ConfigDigest.of(config)
                + config.against().map(DedupIndex::digest).orElse("");
    }

    @Override
    public Outcome run(StageContext context) {
        Path scratch = context.folder().resolve("scratch");
        try (ScratchTables kept = new ScratchTables(scratch)) {
            return run(context, kept);
        }
    }

    private Outcome run(StageContext context, ScratchTables kept) {
        List<DedupIndex> earlier = earlier(context);
        int generation =
                earlier.stream().mapToInt(index -> index.generation() + 1).sum();
        Dataset<Row> all = named(context.table(Stage.FILTERS, "kept"), new KeepOrder(config, generation));
        Dataset<Row> documents = all;
        for (DedupIndex index : earlier) {
            documents = all.join(index.ids(context.spark()).select("id"), new String[] {"id"}, "left_anti");
        }

        Dataset<Row> copied = kept.table(
                "copied", documents.groupBy("id").count().where(col("count").gt(1)));
        Dataset<Row> ranked = documents
                .join(copied.select("id"), "id")
                .withColumn("place", row_number().over(Window.partitionBy("id").orderBy(placing())));
        Dataset<Row> distinct = documents
                .join(copied.select("id"), new String[] {"id"}, "left_anti")
                .unionByName(ranked.where(col("place").equalTo(1)).drop("place"));
        Dataset<Row> copies = ranked.where(col("place").gt(1));

        Dataset<Row> fresh = kept.table("signatures", NearDuplicates.signatures(distinct, config.minhash()));
        Dataset<Row> bands = NearDuplicates.bands(fresh, config.minhash());
        Dataset<Row> signatures = fresh;
        List<Dataset<Row>> earlierBands = new ArrayList<>();
        for (DedupIndex index : earlier) {
            signatures = fresh.unionByName(index.signatures(context.spark()));
            earlierBands.add(index.bands(context.spark()));
        }
        SimilarPairs found = SimilarPairs.of(config, bands, signatures, earlierBands, kept);
        Dataset<Row> compared = found.compared();
        Dataset<Row> buckets = found.buckets();
        Dataset<Row> edges =
                compared.where(col("similarity").geq(config.similarityMin())).select("a", "b");
        Row pairs = compared.agg(count(lit(1)), count(when(col("similarity").lt(config.similarityMin()), lit(1))))
                .head();
        long cut = pairs.getLong(1);
        Dataset<Row> labels = kept.table(
                "labels",
                pairs.getLong(0) - cut <= config.edgesInMemoryMax()
                        ? labelsInMemory(context, edges)
                        : ConnectedComponents.of(edges, kept.folder("components"))
                                .labels());
        Dataset<Row> clusters = kept.table("clusters", clusters(context, labels, copied, earlier, generation));
        Dataset<Row> similarities = NearDuplicates.compare(
                        labels.where(col("node").notEqual(col("label")).and(isOf(generation, "node")))
                                .select(col("node").as("a"), col("label").as("b")),
                        signatures)
                .select(id("a").as("id"), col("similarity"));

        Dataset<Row> lost = clusters.where(col("id").notEqual(col("cluster")));
        Dataset<Row> unique = distinct.join(lost.select("id"), new String[] {"id"}, "left_anti");
        Dataset<Row> duplicates = explained(
                        distinct,
                        lost,
                        similarities,
                        when(col("earlier"), lit("near-earlier")).otherwise(lit("near")))
                .unionByName(explained(copies, clusters, similarities, lit("exact")));
        for (DedupIndex index : earlier) {
            duplicates = duplicates.unionByName(seen(all, index.ids(context.spark())));
        }

        DedupTexts texts = new DedupTexts(context, config, kept);
        DedupTexts.Result rewritten = texts.rewrite(unique.select("node", DocumentRows.SCHEMA.fieldNames()));
        TableVersion uniqueTable = context.write(rewritten.unique().select(DOCUMENT_COLUMNS), "unique", "id");
        for (Dataset<Row> dropped : rewritten.dropped()) {
            duplicates = duplicates.unionByName(dropped);
        }
        TableVersion duplicateTable = context.write(duplicates, "duplicates", "cluster", "id");
        Map<String, TableVersion> outputs = new LinkedHashMap<>(rewritten.tables());
        outputs.put("unique", uniqueTable);
        outputs.put("duplicates", duplicateTable);
        outputs.put("clusters", context.write(clusters.select("id", "cluster", "size"), "clusters", "cluster", "id"));
        outputs.put("largest_buckets", context.write(largest(buckets), "largest_buckets", "band", "key"));
        if (config.index()) {
            outputs.putAll(
                    DedupIndex.write(context, config.minhash(), ids(distinct, clusters), buckets, signatures, earlier));
        }

        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("in", uniqueTable.rows() + duplicateTable.rows());
        counts.put("out", uniqueTable.rows());
        counts.put("dropped.exact", 0L);
        counts.put("dropped.near", 0L);
        context.at(duplicateTable)
                .groupBy("kind")
                .count()
                .orderBy("kind")
                .collectAsList()
                .forEach(kind -> counts.put("dropped." + kind.getString(0), kind.getLong(1)));
        counts.put("pairs-sharing-a-band", pairs.getLong(0));
        counts.put("pairs-cut-by-similarity", cut);
        counts.put("clusters", clusters.agg(countDistinct("cluster")).head().getLong(0));
        counts.put("largest-bucket", number(context.at(outputs.get("largest_buckets")), max("members")));
        if (!earlier.isEmpty()) {
            counts.put("earlier-clusters-linked", linked(labels, generation));
        }
        counts.putAll(rewritten.counts());
        return new Outcome(outputs, counts);
    }

    private List<DedupIndex> earlier(StageContext context) {
        if (config.against().isEmpty()) {
            return List.of();
        }
        String root = config.against().get();
        if (new RunLayout(Path.of(root)).root().equals(context.layout().root())) {
            throw new ConfigException("dedup.against", root, "must be the root of another run");
        }
        return List.of(DedupIndex.open(root, config.minhash()));
    }

    /** The documents with their names as {@code node}. */
    private Dataset<Row> named(Dataset<Row> documents, KeepOrder order) {
        Column quality =
                config.qualityColumn().map(name -> quality(documents, name)).orElse(lit(Double.NaN));
        UDF4<String, String, String, Double, String> name = order::name;
        return documents.withColumn(
                "node",
                functions.udf(name, DataTypes.StringType).apply(col("id"), col("source"), col("licence"), quality));
    }

    private static Column quality(Dataset<Row> documents, String name) {
        List<String> columns = List.of(documents.columns());
        if (!columns.contains(name) || !(documents.schema().apply(name).dataType() instanceof NumericType)) {
            throw new ConfigException(
                    "dedup.quality-column",
                    name,
                    "must be a numeric column of %s/kept, which has %s".formatted(Stage.FILTERS.folder(), columns));
        }
        return coalesce(col(name).cast("double"), lit(Double.NaN));
    }

    /** The id in the name of a node. */
    private static Column id(String node) {
        return col(node).substr(functions.length(col(node)).minus(ID_CHARACTERS - 1), lit(ID_CHARACTERS));
    }

    /** Whether a node is of this generation. */
    private static Column isOf(int generation, String node) {
        return col(node).substr(1, 4).cast("int").equalTo(generation);
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

    /**
     * Each id of this run that is not alone, with the id that is kept for it, the number of documents that share this, and
     * whether the one kept is {@code earlier}.
     */
    private static Dataset<Row> clusters(
            StageContext context, Dataset<Row> labels, Dataset<Row> copied, List<DedupIndex> earlier, int generation) {
        Dataset<Row> linked = labels.where(isOf(generation, "node"))
                .withColumn("earlier_cluster", lit(null).cast("string"));
        for (DedupIndex index : earlier) {
            Dataset<Row> kept = index.ids(context.spark())
                    .select(col("node").as("label"), col("cluster").as("earlier_cluster"));
            linked = linked.drop("earlier_cluster").join(kept, new String[] {"label"}, "left");
        }
        Dataset<Row> members = linked.select(
                        id("node").as("id"),
                        coalesce(col("earlier_cluster"), id("label")).as("cluster"),
                        col("earlier_cluster").isNotNull().as("earlier"))
                .join(copied, new String[] {"id"}, "full_outer")
                .select(
                        col("id"),
                        coalesce(col("cluster"), col("id")).as("cluster"),
                        coalesce(col("earlier"), lit(false)).as("earlier"),
                        coalesce(col("count"), lit(1L)).as("documents"));
        Dataset<Row> sizes = members.groupBy("cluster").agg(sum("documents").as("size"));
        return members.join(sizes, "cluster");
    }

    /** How many nodes of earlier runs are in one component with a smaller one of an earlier run. */
    private static long linked(Dataset<Row> labels, int generation) {
        return labels.where(
                        functions.not(isOf(generation, "node")).and(col("node").notEqual(col("label"))))
                .count();
    }

    /** Documents whose id an earlier run has. */
    private static Dataset<Row> seen(Dataset<Row> documents, Dataset<Row> ids) {
        Dataset<Row> again = documents.join(ids.select("id", "cluster"), "id");
        Dataset<Row> sizes = again.groupBy("id").agg(count(lit(1)).as("size"));
        return explained(
                again.drop("cluster"),
                again.select("id", "cluster").distinct().join(sizes, "id"),
                sizes.select(col("id"), lit(1.0).as("similarity")),
                lit("exact-earlier"));
    }

    private static Dataset<Row> explained(
            Dataset<Row> documents, Dataset<Row> clusters, Dataset<Row> similarities, Column kind) {
        List<Column> columns = new ArrayList<>(List.of(DOCUMENT_COLUMNS));
        columns.add(kind.as("kind"));
        columns.add(col("cluster"));
        columns.add(col("size").as("cluster_size"));
        columns.add(coalesce(col("similarity"), lit(1.0)).as("estimated_jaccard"));
        return documents
                .select(DOCUMENT_COLUMNS)
                .join(clusters, "id")
                .join(similarities, new String[] {"id"}, "left")
                .select(columns.toArray(Column[]::new));
    }

    /** Every id with its node and the id kept for it. */
    private static Dataset<Row> ids(Dataset<Row> distinct, Dataset<Row> clusters) {
        return distinct.select("id", "node")
                .join(clusters.select("id", "cluster"), new String[] {"id"}, "left")
                .select(
                        col("id"),
                        col("node"),
                        coalesce(col("cluster"), col("id")).as("cluster"));
    }

    private Dataset<Row> largest(Dataset<Row> buckets) {
        return buckets.where(col("round").equalTo(0).and(col("members").gt(1)))
                .orderBy(desc("members"), col("band"), col("key"))
                .limit(config.largestBuckets())
                .select(col("band"), col("key"), col("members"), id("node").as("id"));
    }

    private static long number(Dataset<Row> rows, Column aggregate) {
        return rows.agg(coalesce(aggregate, lit(0L))).head().getLong(0);
    }
}
