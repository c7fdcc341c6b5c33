package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.peregrine.data.dedup.LongClusters;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The connected components of a graph of any size, each named by its smallest node.
 *
 * <p>Nodes are numbered in their order. Then rounds of three steps until every component is a star around its smallest
 * node: each partition replaces its edges by those of its own components, and a large-star and a small-star step link the
 * rest. The star steps are a grouped minimum and a join, so a node with millions of neighbours costs no more memory than
 * one with two; the first step needs about 24 bytes a node of a partition. None of them changes what is connected, so the
 * result does not depend on the partitioning. Each round is written out and read back: the plan does not grow with the
 * rounds, and a lost executor costs one round.
 *
 * @see <a href="https://doi.org/10.1145/2670979.2670997">Kiveris et al. 2014, Connected Components in MapReduce and
 *     Beyond</a>
 */
final class ConnectedComponents {
    /** The number of rounds grows with the square of the logarithm of the nodes; this many are never needed. */
    private static final int ROUNDS_MAX = 200;

    private static final StructType NUMBERED =
            new StructType().add("name", DataTypes.StringType, false).add("number", DataTypes.LongType, false);
    private static final Encoder<Row> STARS = Encoders.row(
            new StructType().add("node", DataTypes.LongType, false).add("label", DataTypes.LongType, false));

    private ConnectedComponents() {}

    /**
     * What was found.
     *
     * @param labels columns {@code node} and {@code label}: each node once, with the smallest of its component
     * @param rounds how many rounds it took
     */
    record Components(Dataset<Row> labels, int rounds) {}

    /**
     * Labels every node of an edge.
     *
     * @param edges columns {@code a} and {@code b}, strings; loops and repeated edges do no harm
     * @param scratch folder for the rounds, which every executor sees; made here, and for the caller to delete once the
     *     result has been used
     */
    static Components of(Dataset<Row> edges, Path scratch) {
        ScratchTables.delete(scratch);
        Dataset<Row> proper = edges.where(col("a").notEqual(col("b")));
        Dataset<Row> numbers = ScratchTables.written(numbered(proper), scratch.resolve("numbers"));
        Dataset<Row> a = numbers.select(col("name").as("a"), col("number").as("x"));
        Dataset<Row> b = numbers.select(col("name").as("b"), col("number").as("y"));
        Dataset<Row> stars = proper.join(a, "a")
                .join(b, "b")
                .select(
                        greatest(col("x"), col("y")).as("node"),
                        least(col("x"), col("y")).as("label"));
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Dataset<Row> contracted =
                    stars.mapPartitions((MapPartitionsFunction<Row, Row>) ConnectedComponents::contracted, STARS);
            stars = ScratchTables.written(smallStar(largeStar(contracted)), scratch.resolve("round-" + round));
            if (round > 0) {
                ScratchTables.delete(scratch.resolve("round-" + (round - 1)));
            }
            if (areStars(stars)) {
                Dataset<Row> centres = stars.select(col("label").as("node"), col("label"));
                return new Components(named(stars.union(centres).distinct(), numbers), round + 1);
            }
        }
        throw new IllegalStateException("components did not settle within %d rounds".formatted(ROUNDS_MAX));
    }

    /** Every node with its place among all, so that smaller names have smaller numbers. */
    private static Dataset<Row> numbered(Dataset<Row> edges) {
        JavaRDD<Row> rows = edges.select(col("a").as("name"))
                .union(edges.select(col("b").as("name")))
                .distinct()
                .sort("name")
                .toJavaRDD()
                .zipWithIndex()
                .map(node -> RowFactory.create(node._1().getString(0), node._2()));
        return edges.sparkSession().createDataFrame(rows, NUMBERED);
    }

    private static Dataset<Row> named(Dataset<Row> labels, Dataset<Row> numbers) {
        return labels.join(numbers.select(col("number").as("node"), col("name").as("node_name")), "node")
                .join(numbers.select(col("number").as("label"), col("name").as("label_name")), "label")
                .select(col("node_name").as("node"), col("label_name").as("label"));
    }

    /** The components of one partition's edges, as stars. */
    private static Iterator<Row> contracted(Iterator<Row> edges) {
        LongClusters clusters = new LongClusters();
        while (edges.hasNext()) {
            Row edge = edges.next();
            clusters.join(edge.getLong(0), edge.getLong(1));
        }
        return IntStream.range(0, clusters.size())
                .filter(i -> clusters.node(i) != clusters.label(i))
                .mapToObj(i -> RowFactory.create(clusters.node(i), clusters.label(i)))
                .iterator();
    }

    /** Links the larger neighbours of each node to the smallest among its neighbours and itself. */
    private static Dataset<Row> largeStar(Dataset<Row> edges) {
        Dataset<Row> both = edges.select(col("node").as("u"), col("label").as("v"))
                .union(edges.select(col("label").as("u"), col("node").as("v")));
        Dataset<Row> smallest = both.groupBy("u").agg(least(min("v"), col("u")).as("smallest"));
        return both.join(smallest, "u")
                .where(col("v").gt(col("u")))
                .select(col("v").as("node"), col("smallest").as("label"))
                .distinct();
    }

    /** Links each node and its smaller neighbours to the smallest of these. */
    private static Dataset<Row> smallStar(Dataset<Row> edges) {
        Dataset<Row> smallest = edges.groupBy("node").agg(min("label").as("smallest"));
        return edges.join(smallest, "node")
                .where(col("label").notEqual(col("smallest")))
                .select(col("label").as("node"), col("smallest").as("label"))
                .union(smallest.select(col("node"), col("smallest").as("label")))
                .distinct();
    }

    /** Whether each node has one label, and no label is a node. */
    private static boolean areStars(Dataset<Row> edges) {
        return edges.select(col("node"), lit(1).as("labels"), lit(0).as("members"))
                .union(edges.select(col("label").as("node"), lit(0).as("labels"), lit(1).as("members")))
                .groupBy("node")
                .agg(sum("labels").as("labels"), sum("members").as("members"))
                .where(col("labels")
                        .gt(1)
                        .or(col("labels").gt(0).and(col("members").gt(0))))
                .isEmpty();
    }
}
