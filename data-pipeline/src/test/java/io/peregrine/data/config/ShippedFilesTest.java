package io.peregrine.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShippedModelTest {
    @Test
    void liesBelowTheLaunchersFolder() {
        assertThat(ShippedModel.file("quickstart.json", Map.of("PEREGRINE_HOME", "/opt/peregrine")))
                .isEqualTo(Path.of("/opt/peregrine/conf/model/quickstart.json"));
    }

    @Test
    void liesBelowTheWorkingDirectoryWithoutALauncher() {
        assertThat(ShippedModel.file("quickstart.json", Map.of())).isEqualTo(Path.of("conf/model/quickstart.json"));
    }
}
