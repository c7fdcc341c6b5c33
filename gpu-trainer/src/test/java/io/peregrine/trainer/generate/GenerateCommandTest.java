package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.trainer.testing.WrongUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is refused before a model is looked for. */
class GenerateCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "--prompt a --sequences 4, '--sequences goes with --prompts only'",
        "--prompt a --greedy --temperature 1, '--temperature does not go with --greedy'",
        "--prompt a --greedy --top-k 5, '--top-k does not go with --greedy'",
        "--prompts x.jsonl --greedy --top-p 0.5, '--top-p does not go with --greedy'"
    })
    void optionsThatWouldNotBeLookedAtAreRefused(String options, String why) {
        WrongUsage.assertRefused(new CommandLine(new GenerateCommand()), "--checkpoint nowhere " + options, why);
    }

    @Test
    void promptsAreReadBeforeTheModel() throws Exception {
        Path prompts = folder.resolve("prompts.jsonl");
        Files.writeString(prompts, "{\"prompt\": \"a\"}\nb\n");
        GenerateCommand command = new GenerateCommand();
        new CommandLine(command).parseArgs("--checkpoint", "nowhere", "--prompts", prompts.toString());
        assertThatThrownBy(command::call)
                .isInstanceOf(DataException.class)
                .hasMessage(prompts + ":2: is not JSON: write a line such as {\"prompt\": \"Once\"}");
    }
}
