package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A run in a temporary folder whose earlier stages are made up. */
final class StageFixture {
    private final RunLayout layout;

    StageFixture(Path root) {
        this.layout = new RunLayout(root);
    }

    RunLayout layout() {
        return layout;
    }

    StageManifest run(StageJob job) {
        return new StageRunner(SparkTest.spark(), layout, SeedStream.of(1), Progress.SILENT).ensure(job);
    }

    /** Writes documents as the one table of a stage, in the order and the partitions given. */
    void put(Stage stage, String table, List<Document> documents, int partitions) {
        run(new Given(stage, table, documents, partitions));
    }

    Dataset<Row> table(Stage stage, String name) {
        return new StageContext(SparkTest.spark(), layout, stage, SeedStream.of(1), Progress.SILENT).table(stage, name);
    }

    List<Document> documents(Stage stage, String name) {
        return table(stage, name).collectAsList().stream()
                .map(DocumentRows::fromRow)
                .toList();
    }

    static Map<String, String> digests(StageManifest manifest) {
        return manifest.outputs().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, output -> output.getValue().payloadDigest()));
    }

    private record Given(Stage stage, String table, List<Document> documents, int partitions) implements StageJob {
        @Override
        public List<Stage> after() {
            return List.of();
        }

        @Override
        public String configDigest() {
            return "given";
        }

        @Override
        public Outcome run(StageContext context) {
            List<Row> rows = documents.stream().map(DocumentRows::toRow).toList();
            Dataset<Row> given =
                    context.spark().createDataset(rows, DocumentRows.ENCODER).repartition(partitions);
            TableVersion written = context.write(given, table);
            return new Outcome(Map.of(table, written), Map.of());
        }
    }
}
