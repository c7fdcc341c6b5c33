package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDisksTest {
    @TempDir
    Path folder;

    @Test
    void stageFoldersAndCureAreNamed() {
        RuntimeException failure = new IllegalStateException(
                "Job aborted", new UncheckedIOException(new IOException("No space left on device")));
        DataException explained = FullDisks.explain(failure, Stage.DEDUP, List.of(folder, folder.resolve("gone")))
                .orElseThrow();
        assertThat(explained)
                .hasCause(failure)
                .hasMessageMatching("30-dedup: a disk is full \\(No space left on device\\) and the stage was stopped;"
                        + " free now: " + folder + " \\d+ MiB, " + folder + "/gone unknown \\(.*\\)\\. Make room, or"
                        + " choose other folders \\(key root of the run, spark\\.local\\.dir\\), then run the same"
                        + " command again: finished stages are kept, and nothing half-written is used");
    }

    @Test
    void textOfAnotherMachinesFailureIsRead() {
        RuntimeException failure = new IllegalStateException(
                "Task 3 failed 4 times, most recent failure: java.io.IOException: Disk quota exceeded\n\tat x.y");
        assertThat(FullDisks.explain(failure, Stage.DOCUMENTS, List.of()).orElseThrow())
                .hasMessageStartingWith("10-documents: a disk is full (Disk quota exceeded)");
    }

    @Test
    void otherFailuresAreLeftAlone() {
        RuntimeException ring = new IllegalStateException("a");
        RuntimeException other = new IllegalStateException("b", ring);
        ring.initCause(other);
        assertThat(FullDisks.explain(ring, Stage.DEDUP, List.of(folder))).isEmpty();
        assertThat(FullDisks.explain(new IllegalStateException(), Stage.DEDUP, List.of()))
                .isEmpty();
    }
}
