package io.peregrine.rewrite.jobs;

import static io.peregrine.rewrite.jobs.ModelRewriteFixture.documents;
import static io.peregrine.rewrite.jobs.ModelRewriteFixture.rewritten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.rewrite.calls.BatchServer;
import io.peregrine.rewrite.jobs.ModelRewriteFixture.Settings;
import io.peregrine.rewrite.settings.ModelConfig;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class BatchRewriteSparkTest {
    @TempDir
    Path folder;

    @Test
    void batchesAreBegunOnceAndWhatExpiresIsSentAgain() {
        SparkSession spark = SparkTest.spark();
        Path templates = ModelRewriteFixture.templates(folder.resolve("prompts"));
        // The first 100 requests: 40, 40 and 20 lines; every seventh expires once.
        try (BatchServer server = new BatchServer(
                body -> "Seen " + ConfigDigest.of(body).substring(0, 12), number -> number < 100 && number % 7 == 3)) {
            ModelConfig model =
                    Settings.of(server.url(), templates, "plain").inBatches().model();
            Path root = folder.resolve("run");
            // A batch is begun and nobody hears of it: the next attempt finds it.
            server.hideNextBatch = true;
            assertThatThrownBy(() -> rewritten(spark, root, documents(100), model))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("endpoint test: status 502: ")
                    .hasMessageEndingWith("what was begun is noted, so run this again when it is mended");
            assertThat(server.batches()).isEqualTo(1);
            // The others are begun, and the job ends before they do.
            server.pollsBeforeEnd.set(1_000_000);
            assertThatThrownBy(() -> rewritten(
                            spark,
                            root,
                            documents(100),
                            Settings.of(server.url(), templates, "plain")
                                    .inBatches()
                                    .waiting(0.1)
                                    .model()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("it is noted, so run this again to go on waiting");
            assertThat(server.batches()).isEqualTo(3);
            server.pollsBeforeEnd.set(1);
            StageManifest manifest = rewritten(spark, root, documents(100), model);
            assertThat(server.sizes).containsExactly(40, 40, 20, 14);
            assertThat(server.charged.get()).isEqualTo(100);
            assertThat(manifest.counts())
                    .containsEntry("requests", 100L)
                    .containsEntry("requests-answered-before", 86L)
                    .containsEntry("requests-ended-now", 14L)
                    .containsEntry("requests-answered", 100L)
                    .containsEntry("tokens-paid", 1_600L)
                    .containsEntry("out", 100L);
        }
    }
}
