package io.peregrine.data.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShippedFilesTest {
    @Test
    void liesBelowTheLaunchersFolder() {
        assertThat(ShippedFiles.conf(Map.of("PEREGRINE_HOME", "/opt/peregrine"), "model", "quickstart.json"))
                .isEqualTo(Path.of("/opt/peregrine/conf/model/quickstart.json"));
    }

    @Test
    void liesBelowTheWorkingDirectoryWithoutALauncher() {
        assertThat(ShippedFiles.conf(Map.of(), "model", "quickstart.json"))
                .isEqualTo(Path.of("conf/model/quickstart.json"));
    }
}
