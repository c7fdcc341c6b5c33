package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class DeltaVersionsSparkTest {
    @TempDir
    Path folder;

    /** Also one of another process, here a second copy of a commit, which no session has heard of. */
    @Test
    void everyCommitIsANewVersion() throws IOException {
        SparkSession spark = SparkTest.spark();
        String table = folder.resolve("table").toString();
        assertThat(DeltaVersions.newest(spark, table)).isEqualTo(-1);
        for (long version = 0; version < 3; version++) {
            spark.range(5).write().format("delta").mode(SaveMode.Overwrite).save(table);
            assertThat(DeltaVersions.newest(spark, table)).isEqualTo(version);
        }
        Path log = folder.resolve("table").resolve("_delta_log");
        Files.copy(log.resolve("%020d.json".formatted(2)), log.resolve("%020d.json".formatted(3)));
        assertThat(DeltaVersions.newest(spark, table)).isEqualTo(3);
    }
}
