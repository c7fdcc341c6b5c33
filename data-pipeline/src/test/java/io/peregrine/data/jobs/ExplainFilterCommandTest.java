package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainFilterCommandTest {
    @TempDir
    Path folder;

    @Test
    void everyRuleIsShownWithItsLimit() throws IOException {
        Path run = Files.writeString(
                folder.resolve("run.yaml"),
                "run: x\nroot: out\nseed: 1\nfilter: {english: {gopher: {words-min: 7}}}\n");
        Path text = Files.writeString(
                folder.resolve("text.txt"), "The wind had turned, and that no ship came to the harbour.");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new ExplainFilterCommand()).setOut(new PrintWriter(out));
        assertThat(command.execute(run.toString(), "--domain", "web", text.toString()))
                .isZero();
        assertThat(out.toString())
                .startsWith("language en")
                .containsPattern("gopher_short_doc +12.0000  must be >= 7.0")
                .endsWith("kept" + System.lineSeparator());
        assertThat(command.execute(run.toString(), "--domain", "multilingual", text.toString()))
                .isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("gopher_short_doc +12.0000  must be >= 50.0 +BROKEN")
                .endsWith("dropped: gopher_short_doc" + System.lineSeparator());
    }
}
