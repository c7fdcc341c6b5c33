package io.peregrine.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.config.KeyTable;
import io.peregrine.data.config.YamlConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code conf/mixture}; {@code -Dconf.docs=write} writes the table of keys anew. */
class ConfTest {
    private static final Path FOLDER = Path.of("..", "conf", "mixture");

    /** The part of a run file that the example is. */
    record Example(MixtureConfig mixture) {}

    @Test
    void theExampleCanBeRead() {
        MixtureConfig example =
                YamlConfig.load(FOLDER.resolve("example.yaml"), Example.class).mixture();
        assertThat(example.streams()).hasSize(5);
    }

    @Test
    void theTableOfKeysIsUpToDate() throws IOException {
        String table = "# Keys of the section `mixture`\n\nMade from the records by `mvn test -pl mixture-planner -am "
                + "-Dtest=ConfTest -Dsurefire.failIfNoSpecifiedTests=false -Dconf.docs=write`.\n\n"
                + KeyTable.markdown(KeyTable.of("mixture", MixtureConfig.class));
        Path file = FOLDER.resolve("README.md");
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(file, table);
        }
        assertThat(Files.readString(file)).isEqualTo(table);
    }
}
