package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class PeregrineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(CommandLine commandLine, String... args) {
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }

    @Test
    void helpListsEveryCommandWithItsFirstLine() {
        assertThat(execute(Peregrine.commandLine(), "--help")).isZero();
        for (CommandGroup group : CommandGroup.ALL) {
            assertThat(out.toString()).contains(group.heading() + ":");
            for (Class<?> type : group.commands()) {
                Command command = type.getAnnotation(Command.class);
                assertThat(command.description()[0])
                        .as("first line of %s", type)
                        .matches("[A-Z].*[.]");
                assertThat(out.toString()).contains("  " + command.name() + " ", command.description()[0]);
            }
        }
    }

    @Test
    void everyCommandHasItsOwnHelp() {
        CommandLine root = Peregrine.commandLine();
        for (String name : List.copyOf(root.getSubcommands().keySet())) {
            assertThat(execute(root, name, "--help"))
                    .as("peregrine %s --help", name)
                    .isZero();
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aGroupHasTheSubcommandsOfLaterModulesToo() {
        assertThat(execute(Peregrine.commandLine(), "mixture", "export", "--help"))
                .isZero();
        assertThat(out.toString()).contains("--format", "--shard-bytes", "peregrine mixture export");
        assertThat(execute(Peregrine.commandLine(), "mixture", "--help")).isZero();
        assertThat(out.toString()).containsPattern("  export +Writes the tokens in training order for other trainers.");
        assertThat(execute(Peregrine.commandLine(), "bench", "scale", "--help")).isZero();
    }

    @Test
    void unknownCommandIsBadInputAndPointsToTheHelp() {
        assertThat(execute(Peregrine.commandLine(), "quickstrat")).isEqualTo(2);
        assertThat(err.toString()).contains("no such command: quickstrat", "peregrine --help");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandIsBadInput() {
        assertThat(execute(Peregrine.commandLine())).isEqualTo(2);
        assertThat(err.toString()).contains("no command given");
    }

    @Test
    void whatTheUserCanMendIsOneLine() {
        assertThat(report(new DataException("a.jsonl:3: no field 'text'"))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("peregrine: a.jsonl:3: no field 'text'%n".formatted());
    }

    @Test
    void theCauseIsFoundBelowWhatSparkWrapsRoundIt() {
        ConfigException cause = new ConfigException("seed", -1, "must be >= 0");
        assertThat(report(new IllegalStateException("Job aborted", new RuntimeException(cause))))
                .isEqualTo(2);
        assertThat(err.toString()).contains(cause.getMessage()).doesNotContain("Job aborted");
    }

    @Test
    void missingFileIsBadInput() {
        assertThat(report(new UncheckedIOException(new NoSuchFileException("x.yaml"))))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualTo("peregrine: no such file: x.yaml%n".formatted());
    }

    @Test
    void faultNamesTheLogInPlaceOfAStackTrace() {
        assertThat(report(new IllegalStateException("lost count\nand more"))).isEqualTo(70);
        assertThat(err.toString())
                .contains("IllegalStateException: lost count", "/logs/x.log")
                .doesNotContain("\tat ");
    }

    @Test
    void fullHeapNamesTheCure() {
        assertThat(report(new OutOfMemoryError("Java heap space"))).isEqualTo(70);
        assertThat(err.toString()).contains("Java heap space", "PEREGRINE_MEMORY");
    }

    @Test
    void withoutALogTheStackTraceIsShown() {
        int code = Failures.report(new IllegalStateException("lost"), new PrintWriter(err, true), Map.of());
        assertThat(code).isEqualTo(70);
        assertThat(err.toString()).contains("\tat io.peregrine.cli.PeregrineTest");
    }

    private int report(Throwable failure) {
        return Failures.report(failure, new PrintWriter(err, true), Map.of("PEREGRINE_LOG", "/logs/x.log"));
    }
}
