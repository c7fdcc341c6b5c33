package io.peregrine.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored of the notebooks can be read without running them, by anybody. */
class StoredNotebooksTest {
    private static final Path FOLDER = Path.of("..", "notebooks");

    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> notebooks = files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
            assertThat(notebooks).hasSize(4);
            return notebooks;
        }
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void hasOutputsOfARunThatWentThrough(Path file) throws IOException {
        String text = Files.readString(file);
        JsonNode notebook = new ObjectMapper().readTree(text);
        assertThat(notebook.at("/metadata/kernelspec/name").asText()).isEqualTo("peregrine");
        int number = 0;
        int pictures = 0;
        for (JsonNode cell : notebook.get("cells")) {
            if (!cell.get("cell_type").asText().equals("code")) {
                continue;
            }
            number++;
            assertThat(cell.get("execution_count").asInt())
                    .as("cells were run in order")
                    .isEqualTo(number);
            for (JsonNode output : cell.get("outputs")) {
                assertThat(output.get("output_type").asText())
                        .as(cell.toString())
                        .isEqualTo("display_data");
                pictures += output.get("data").has("image/svg+xml") ? 1 : 0;
            }
        }
        assertThat(pictures).isPositive();
        assertThat(text).as("no path of somebody's machine").doesNotContain("/home/", "/root/", "/tmp/", "/work/");
    }
}
