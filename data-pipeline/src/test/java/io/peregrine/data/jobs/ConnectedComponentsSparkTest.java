package io.peregrine.data.jobs;

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
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class ConnectedComponentsSparkTest {
    private static final StructType EDGES =
            new StructType().add("a", DataTypes.StringType, false).add("b", DataTypes.StringType, false);

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
