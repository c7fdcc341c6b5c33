package io.peregrine.data.manifest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    Path root;

    @Test
    void oneAtATime() {
        RunLayout layout = new RunLayout(root.resolve("run"));
        try (RunLock held = RunLock.take(layout)) {
            assertThatThrownBy(() -> RunLock.take(layout))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("another process is working on this run");
        }
        RunLock.take(layout).close();
    }
}
