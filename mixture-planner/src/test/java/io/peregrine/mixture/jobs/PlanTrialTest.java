package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code mixture plan} on a file without a run. */
class PlanTrialTest {
    private static final String MIXTURE = """
            mixture:
              sequence-length: 100
              block-size-sequences: 64
              total-tokens: 200_000
              streams:
                web: {weight: 0.5}
                code: {weight: 0.5, window-tokens: 40_000}
            """;
    private static final String SUPPLY = "supply:\n  web: {tokens: 1_000_000}\n  code: {tokens: 10_000}\n";

    @TempDir
    Path folder;

    private String plan(String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("plan.yaml"), text);
        StringWriter out = new StringWriter();
        AtomicReference<Exception> failure = new AtomicReference<>();
        CommandLine command = new CommandLine(new MixtureCommand())
                .setOut(new PrintWriter(out, true))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    failure.set(e);
                    return 1;
                });
        command.execute(Stream.concat(Stream.of("plan", file.toString()), Stream.of(options))
                .toArray(String[]::new));
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
        assertThat(failure.get()).isNull();
        return out.toString();
    }

    @Test
    void sizesAreEnoughForSharesCapsAndGaps() throws IOException {
        assertThat(plan(MIXTURE + SUPPLY))
                .contains("planned from stated sizes; nothing is written")
                .contains("2,000 sequences of at most 100 tokens, in 32 blocks of 64")
                .containsPattern("code +50\\.000 +25\\.000 window-tokens +100 +500 +5\\.000");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("nothing is written").hasSize(1);
        }
    }

    @Test
    void sequencesThatAreNotFullCountAsTheyAre() throws IOException {
        assertThat(plan(MIXTURE + "supply:\n  web: {tokens: 1_000_000, sequences: 20_000, documents: 7}\n"
                        + "  code: {tokens: 10_000}\n"))
                .as("three quarters of the tokens in sequences half full")
                .containsPattern("web +50\\.000 +75\\.000 - +20,000 +3,000");
    }

    @Test
    void whatIsMissingIsSaidInTokens() {
        assertFault(
                MIXTURE + SUPPLY,
                "plan.yaml:5: mixture.streams = [code, web]: not enough data: of the 200000 tokens of the blocks 0 to 31 "
                        + "these streams may give 30 %: 'code' 25 % (window-tokens 40000 with its 10000 tokens), 'web' 5 % "
                        + "(max-epochs 0.01 of its 1000000 tokens); 140000 tokens are missing. Add data",
                "--set",
                "mixture.streams.web={weight: 0.5, max-epochs: 0.01}");
    }

    @Test
    void faultsNameTheirPlace() {
        assertFault(
                MIXTURE + "supply:\n  web: {tokens: 0}\n  code: {tokens: 10}\n",
                "plan.yaml:9: supply.web.tokens = 0: must be > 0 tokens; leave a stream that has none out here and in "
                        + "mixture.streams");
        assertFault(
                MIXTURE + "supply:\n  web: {tokens: 1_000}\n",
                "plan.yaml:8: supply = [web]: must say what the streams [code] of mixture.streams have");
        assertFault(
                MIXTURE + SUPPLY + "  wbe: {tokens: 5}\n",
                "plan.yaml:5: mixture.streams = [code, web]: must name every stream of the supply, and [wbe] is missing");
        assertFault(
                MIXTURE + "supply:\n  web: {tokens: 1_000, sequences: 9}\n  code: {tokens: 10}\n",
                "plan.yaml:9: supply.web.sequences = 9: must hold its 1000 tokens in sequences of 100; at least 10");
        assertFault(
                MIXTURE + "supply:\n  web: {tokens: 10, documents: 11}\n  code: {tokens: 10}\n",
                "plan.yaml:9: supply.web.documents = 11: must be 1..10, each with a token at least");
        assertFault(MIXTURE, "plan.yaml: 'supply' is missing");
        assertFault("run: x\n" + MIXTURE + SUPPLY, "unknown key 'supply'");
        assertFault(
                MIXTURE + SUPPLY,
                "--set mixture.streams.web.weight: mixture.streams.web.weight = -1",
                "--set",
                "mixture.streams.web.weight=-1");
    }

    private void assertFault(String text, String message, String... options) {
        assertThatThrownBy(() -> plan(text, options))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
