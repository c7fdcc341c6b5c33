package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.Document;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class StageRunnerSparkTest {
    @TempDir
    Path root;

    private static List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(DocumentRows.toRow(Document.of("s", "web", "f", "#" + i, "en", "text " + i)));
        }
        return rows;
    }

    /** Writes some documents, and remembers how often it was asked to. */
    private static final class Writing implements StageJob {
        final String config;
        final boolean dies;
        int runs;

        Writing(String config, boolean dies) {
            this.config = config;
            this.dies = dies;
        }

        @Override
        public Stage stage() {
            return Stage.DOCUMENTS;
        }

        @Override
        public List<Stage> after() {
            return List.of();
        }

        @Override
        public String configDigest() {
            return config;
        }

        @Override
        public Outcome run(StageContext context) {
            runs++;
            Dataset<Row> rows = context.spark().createDataset(rows(100), DocumentRows.ENCODER);
            Outcome outcome = new Outcome(Map.of("documents", context.write(rows, "documents", "id")), Map.of());
            if (dies) {
                throw new IllegalStateException("killed");
            }
            return outcome;
        }
    }

    private StageRunner runner() {
        return new StageRunner(SparkTest.spark(), new RunLayout(root), SeedStream.of(1), Progress.SILENT);
    }

    @Test
    void aStageRunsOncePerFingerprint() {
        Writing job = new Writing("a", false);
        StageManifest first = runner().ensure(job);
        assertThat(runner().ensure(job)).isEqualTo(first);
        assertThat(job.runs).isEqualTo(1);
        assertThat(first.output("documents").rows()).isEqualTo(100);

        StageManifest changed = runner().ensure(new Writing("b", false));
        assertThat(changed.output("documents").version()).isEqualTo(1);
        assertThat(changed.output("documents").payloadDigest())
                .isEqualTo(first.output("documents").payloadDigest());
    }

    @Test
    void aStageThatDiedHasNotHappened() {
        runner().ensure(new Writing("a", false));
        assertThatThrownBy(() -> runner().ensure(new Writing("b", true))).hasMessage("killed");
        assertThat(StageManifest.read(new RunLayout(root), Stage.DOCUMENTS)).isEmpty();
        assertThat(runner().ensure(new Writing("a", false)).output("documents").version())
                .isEqualTo(2);
    }

    /** Says that it read so many documents. */
    private record Measuring(long in) implements StageJob {
        @Override
        public Stage stage() {
            return Stage.SIGNALS;
        }

        @Override
        public List<Stage> after() {
            return List.of(Stage.DOCUMENTS);
        }

        @Override
        public String configDigest() {
            return "m" + in;
        }

        @Override
        public Outcome run(StageContext context) {
            return new Outcome(Map.of(), Map.of("in", in));
        }
    }

    @Test
    void aStageThatLostARowHasNotHappened() {
        runner().ensure(new Writing("a", false));
        assertThat(runner().ensure(new Measuring(100)).counts()).containsEntry("in", 100L);
        assertThatThrownBy(() -> runner().ensure(new Measuring(99)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "15-signals: 99 rows in, but 10-documents/documents has 100: rows were lost or doubled on the"
                                + " way, and nothing of it counts");
        assertThat(StageManifest.read(new RunLayout(root), Stage.SIGNALS)).isEmpty();
    }

    @Test
    void theDigestIsThatOfTheContentOnly() {
        SparkSession spark = SparkTest.spark();
        List<Row> shuffled = new ArrayList<>(rows(100));
        Collections.reverse(shuffled);
        Dataset<Row> one = spark.createDataset(rows(100), DocumentRows.ENCODER).repartition(1);
        Dataset<Row> seven = spark.createDataset(shuffled, DocumentRows.ENCODER).repartition(7);
        Dataset<Row> columns = seven.select(
                "text", "id", "source", "domain", "origin", "location", "repository", "licence", "language");
        TableDigests.Digest digest = TableDigests.of(one);
        assertThat(digest.rows()).isEqualTo(100);
        assertThat(TableDigests.of(seven)).isEqualTo(digest);
        assertThat(TableDigests.of(columns)).isEqualTo(digest);
        assertThat(TableDigests.of(one.limit(99)).payloadDigest()).isNotEqualTo(digest.payloadDigest());
        assertThat(TableDigests.of(one.union(one.limit(1))).payloadDigest()).isNotEqualTo(digest.payloadDigest());
    }

    @Test
    void aVersionThatAManifestNamesDoesNotExpireUnderTheRun() {
        runner().ensure(new Writing("a", false));
        String path = new RunLayout(root).table(Stage.DOCUMENTS, "documents").toString();
        Dataset<Row> detail = SparkTest.spark().sql("DESCRIBE DETAIL delta.`" + path + "`");
        Map<String, String> properties = detail.select("properties").head().getJavaMap(0);
        assertThat(properties)
                .containsEntry("delta.deletedFileRetentionDuration", "interval 3650 days")
                .containsEntry("delta.logRetentionDuration", "interval 3650 days");
    }

    @Test
    void documentsSurviveTheirRows() {
        Document document = Document.of("s", "web", "f", "#1", "en", "text \uD83E\uDD85");
        List<Row> back = SparkTest.spark()
                .createDataset(List.of(DocumentRows.toRow(document)), DocumentRows.ENCODER)
                .collectAsList();
        assertThat(DocumentRows.fromRow(back.get(0))).isEqualTo(document);
    }

    @Test
    void sparkIsPinnedToTheReleaseThatDeltaWorksWith() {
        assertThat(org.apache.spark.package$.MODULE$.SPARK_VERSION()).isEqualTo("4.1.1");
    }
}
