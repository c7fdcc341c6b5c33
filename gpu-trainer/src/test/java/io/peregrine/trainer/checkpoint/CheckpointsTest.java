package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
    @TempDir
    Path folder;

    private Checkpoints checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new Checkpoints(folder);
    }

    private static RunState at(long step) {
        return new RunState(step, step * 8, step * 4096, 7, "plan", "config", 3.25, "0.1.0");
    }

    private Checkpoint write(long step) {
        return checkpoints.write(at(step), empty -> Files.writeString(empty.resolve("config.json"), "{\"a\": 1}"));
    }

    @Test
    void nothingThereIsNoCheckpoint() {
        assertThat(new Checkpoints(folder.resolve("none")).latest()).isEmpty();
    }

    @Test
    void findsTheNewestAndKeepsItsState() {
        write(200);
        write(1_000_000);
        write(9);
        assertThat(checkpoints.all())
                .extracting(c -> c.folder().getFileName().toString())
                .containsExactly("step-000009", "step-000200", "step-1000000");
        Checkpoint latest = checkpoints.latest().orElseThrow();
        assertThat(latest.state()).isEqualTo(at(1_000_000));
        latest.verify();
    }

    @Test
    void afterAFailedWriteTheLastOneStands() {
        write(10);
        assertThatThrownBy(() -> checkpoints.write(at(20), empty -> {
                    Files.writeString(empty.resolve("model.safetensors"), "half");
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("step-000020")
                .hasRootCauseMessage("disk full");
        assertThat(checkpoints.latest().orElseThrow().state().step()).isEqualTo(10);
    }

    @Test
    void aFolderWithoutItsMarkerIsIgnoredAndCleared() throws IOException {
        write(10);
        Checkpoint broken = write(20);
        Files.delete(broken.folder().resolve(Checkpoint.MARKER));
        Files.createDirectories(folder.resolve(".writing-step-000030"));
        assertThat(checkpoints.latest().orElseThrow().state().step()).isEqualTo(10);
        checkpoints.keep(new CheckpointRetention(5, 0));
        assertThat(folder).isDirectoryContaining(path -> path.endsWith("step-000010"));
        try (var entries = Files.list(folder)) {
            assertThat(entries).hasSize(1);
        }
    }

    @Test
    void keepsWhatIsToStay() {
        for (long step = 1; step <= 5; step++) {
            write(step);
        }
        checkpoints.keep(new CheckpointRetention(2, 1));
        assertThat(checkpoints.all()).extracting(c -> c.state().step()).containsExactly(1L, 2L, 4L, 5L);
        checkpoints.keep(new CheckpointRetention(2, 0));
        assertThat(checkpoints.all()).extracting(c -> c.state().step()).containsExactly(4L, 5L);
    }

    @Test
    void aStepIsReplacedWhole() throws IOException {
        write(10);
        checkpoints.write(at(10), empty -> Files.writeString(empty.resolve("other.json"), "{}"));
        Checkpoint latest = checkpoints.latest().orElseThrow();
        latest.verify();
        assertThat(latest.folder().resolve("config.json")).doesNotExist();
        assertThat(latest.folder().resolve("other.json")).exists();
    }

    @Test
    void aFileCutShortIsNamed() throws IOException {
        Checkpoint checkpoint = write(10);
        Files.writeString(checkpoint.folder().resolve("config.json"), "{\"a\"");
        assertThatThrownBy(checkpoint::verify)
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "step-000010/config.json: has 4 bytes, 8 were written; delete the folder step-000010"
                                + " to resume from the checkpoint before it");
    }

    @Test
    void aFileChangedOrMissingIsNamed() throws IOException {
        Checkpoint checkpoint = write(10);
        Files.writeString(checkpoint.folder().resolve("config.json"), "{\"a\": 2}");
        assertThatThrownBy(checkpoint::verify).hasMessageContaining("config.json: has changed since it was written");
        Files.delete(checkpoint.folder().resolve("config.json"));
        assertThatThrownBy(checkpoint::verify).hasMessageContaining("config.json: is missing");
    }

    @Test
    void aRunStateCutShortIsNamed() throws IOException {
        Checkpoint checkpoint = write(10);
        Path state = checkpoint.folder().resolve(RunState.FILE_NAME);
        Files.writeString(state, Files.readString(state).substring(0, 40));
        assertThatThrownBy(() -> RunState.read(checkpoint.folder()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("run_state.json: not a run state");
    }
}
