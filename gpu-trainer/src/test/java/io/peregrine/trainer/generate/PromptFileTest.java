package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptFileTest {
    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.jsonl"), text);
    }

    @Test
    void promptsAreReadLineByLine() throws IOException {
        Path file = file("{\"prompt\": \"one\\ntwo\"}\n\n{\"prompt\": \"three\", \"id\": 7}\n");
        assertThat(PromptFile.read(file)).containsExactly("one\ntwo", "three");
        assertThat(PromptFile.line("a\n", new Generator.Result(1, 2, false, "b\"")))
                .isEqualTo("{\"prompt\":\"a\\n\",\"text\":\"b\\\"\",\"tokens\":2,\"finish_reason\":\"length\"}");
    }

    @Test
    void aLineThatIsNoneIsNamed() throws IOException {
        Path broken = file("{\"prompt\": \"one\"}\n{\"prompt\"\n");
        assertThatThrownBy(() -> PromptFile.read(broken))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("prompts.jsonl:2: is not JSON");
        Path empty = file("{\"prompt\": \"\"}\n");
        assertThatThrownBy(() -> PromptFile.read(empty)).hasMessageContaining("prompts.jsonl:1: \"prompt\" is \"\"");
        Path missing = file("{\"text\": \"x\"}\n");
        assertThatThrownBy(() -> PromptFile.read(missing)).hasMessageContaining("is missing");
    }
}
