package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * The connected components of a graph of any size, each named by its smallest node.
 *
 * <p>Alternating large-star and small-star steps until every component is a star around its smallest node. Each step is
 * a grouped minimum and a join, so a node with millions of neighbours costs no more memory than one with two, and the
 * result does not depend on the partitioning. Each round is written out and read back: the plan does not grow with the
 * rounds, and a lost executor costs one round.
 *
 * @see <a href="https://doi.org/10.1145/2670979.2670997">Kiveris et al. 2014, Connected Components in MapReduce and
 *     Beyond</a>
 */
final class ConnectedComponents {
    /** The number of rounds grows with the square of the logarithm of the nodes; this many are never needed. */
    private static final int ROUNDS_MAX = 200;

    private ConnectedComponents() {}

    /**
     * Labels every node of an edge.
     *
     * @param edges columns {@code a} and {@code b}, strings; loops and repeated edges do no harm
     * @param scratch folder for the rounds, which every executor sees; made here, and for the caller to delete with
     *     {@link #deleteScratch} once the result has been used
     * @return columns {@code node} and {@code label}: each node once, with the smallest of its component
     */
    static Dataset<Row> of(Dataset<Row> edges, Path scratch) {
        deleteScratch(scratch);
        Dataset<Row> stars = edges.where(col("a").notEqual(col("b")))
                .select(
                        org.apache
                                .spark
                                .sql
                                .functions
                                .greatest(col("a"), col("b"))
                                .as("node"),
                        least(col("a"), col("b")).as("label"))
                .distinct();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            stars = written(smallStar(largeStar(stars)), scratch.resolve("round-" + round));
            if (round > 0) {
                deleteScratch(scratch.resolve("round-" + (round - 1)));
            }
            if (areStars(stars)) {
                Dataset<Row> centres = stars.select(col("label").as("node"), col("label"));
                return stars.union(centres).distinct();
            }
        }
        throw new IllegalStateException("components did not settle within %d rounds".formatted(ROUNDS_MAX));
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
        Row counts = edges.agg(org.apache.spark.sql.functions.count(lit(1)), countDistinct("node"))
                .head();
        return counts.getLong(0) == counts.getLong(1)
                && edges.select(col("label").as("node"))
                        .join(edges, List.of("node").toArray(String[]::new), "left_semi")
                        .isEmpty();
    }

    private static Dataset<Row> written(Dataset<Row> rows, Path folder) {
        rows.write().mode(SaveMode.Overwrite).parquet(folder.toString());
        return rows.sparkSession().read().schema(rows.schema()).parquet(folder.toString());
    }

    /** Deletes the folder and all in it, if it is there. */
    static void deleteScratch(Path scratch) {
        if (!Files.exists(scratch)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(scratch)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + scratch, e);
        }
    }
}
