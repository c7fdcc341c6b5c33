package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.dedup.Clusters;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class ConnectedComponentsSparkTest {
    private static final StructType EDGES =
            new StructType().add("a", DataTypes.StringType, false).add("b", DataTypes.StringType, false);

    /** A prime that divides no number of nodes used here. */
    private static final long STEP = 7_368_787;

    @TempDir
    Path folder;

    private Map<String, String> inSpark(List<Clusters.Edge> edges, int partitions) {
        List<Row> rows = edges.stream()
                .map(edge -> RowFactory.create(edge.a(), edge.b()))
                .toList();
        Map<String, String> labels = new TreeMap<>();
        List<Row> labelled = ConnectedComponents.of(
                        SparkTest.spark()
                                .createDataset(rows, Encoders.row(EDGES))
                                .repartition(partitions),
                        folder.resolve("scratch"))
                .labels()
                .collectAsList();
        labelled.forEach(row -> labels.put(row.getString(0), row.getString(1)));
        assertThat(labelled).hasSameSizeAs(labels.keySet());
        return labels;
    }

    private static String node(int number) {
        return "n%04d".formatted(number);
    }

    /** Edges along a chain whose names are in no order: node i has the name {@code i * STEP} by the number of nodes. */
    private static Dataset<Row> chain(SparkSession spark, long nodes) {
        return spark.range(nodes - 1)
                .select(
                        name(col("id"), nodes).as("a"),
                        name(col("id").plus(1), nodes).as("b"));
    }

    private static Column name(Column place, long nodes) {
        return format_string("n%09d", place.multiply(STEP).plus(nodes / 2).mod(nodes));
    }

    private void assertOneComponent(SparkSession spark, long nodes) {
        Dataset<Row> labels = ConnectedComponents.of(chain(spark, nodes), folder.resolve("scratch"))
                .labels();
        assertThat(labels.agg(count_distinct(col("node")), count(col("node")), min("label"), max("label"), min("node"))
                        .collectAsList())
                .containsExactly(RowFactory.create(nodes, nodes, "n000000000", "n000000000", "n000000000"));
    }

    /** With {@code -Dcomponents.nodes=1000000} a million of them. */
    @Test
    void aLongChainHasOneLabelTheSmallest() {
        assertOneComponent(SparkTest.spark(), Long.getLong("components.nodes", 100_000));
    }

    /** In sessions whose steps have as many partitions as the edges, few or many of a chain's links in each. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64})
    void aChainHasOneLabelForAnyPartitioning(int partitions) {
        SparkSession spark = SparkTest.spark().newSession();
        spark.conf().set("spark.sql.shuffle.partitions", partitions);
        spark.conf().set("spark.sql.adaptive.coalescePartitions.enabled", false);
        assertOneComponent(spark, 5_000);
    }

    @Test
    void noEdgesNoComponents() {
        assertThat(inSpark(List.of(), 1)).isEmpty();
    }

    @Test
    void chainsStarsAndRandomGraphsAreThoseFoundInMemory() {
        SeedStream random = SeedStream.of(7);
        List<Clusters.Edge> edges = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            edges.add(new Clusters.Edge(node(i), node(i + 1)));
            edges.add(new Clusters.Edge(node(300), node(200 + i)));
            edges.add(new Clusters.Edge(node(400 + random.nextInt(150)), node(400 + random.nextInt(150))));
        }
        Map<String, String> expected = Clusters.of(edges);
        expected.keySet().removeIf(node -> isAlone(node, edges));
        assertThat(inSpark(edges, 1)).isEqualTo(expected);
        Collections.reverse(edges);
        assertThat(inSpark(edges, 7)).isEqualTo(expected);
    }

    /** A loop makes no neighbour. */
    private static boolean isAlone(String node, List<Clusters.Edge> edges) {
        return edges.stream()
                .noneMatch(edge -> !edge.a().equals(edge.b())
                        && (edge.a().equals(node) || edge.b().equals(node)));
    }
}
