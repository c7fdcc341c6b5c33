package io.peregrine.trainer.experiments.rates;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.experiments.ExperimentRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command from beginning to end on a small run. */
@Tag("spark")
final class RatesCommandSparkTest {
    @TempDir
    Path folder;

    @Test
    void aGridIsTrainedFittedAndDrawn() throws IOException {
        Path runFile = ExperimentRun.write(folder.resolve("run"));
        String[] command = {
            "elr-ewd",
            runFile.toString(),
            "--elr=0.2,0.3",
            "--ewd=5,10",
            "--set=train.steps=60",
            "--set=train.warmup-tokens=100",
            "--set=train.batch-sequences=4",
            "--set=train.micro-batch-sequences=4",
            "--backend=cpu"
        };
        String said = said(command);
        assertThat(said).contains("4 of 4: elr-0.3--ewd-10, seed 1: held-out loss");
        assertThat(said).containsPattern("\\| all matrices \\| -0\\.\\d+ \\+-|\\| all matrices \\| -1\\.\\d+ \\+-");
        assertThat(said).contains("| 0.01, 0.1 | 0.2");
        Path made = folder.resolve("run/95-experiments/elr-ewd-small");
        assertThat(Files.readAllLines(made.resolve("results.jsonl"))).hasSize(4);
        assertThat(Files.readString(made.resolve("experiment.html")))
                .contains("\"fits\":[{\"kind\":\"all matrices\"")
                .contains("\"matrixRms\":");
        assertThat(said(command)).contains("4 of 4: elr-0.3--ewd-10, seed 1").contains("(finished before)");
    }

    @Test
    void oneValueHasNoSlope() {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new ExperimentCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            err.write(failure.getMessage());
            return 2;
        });
        assertThat(line.execute("elr-ewd", "none.yaml", "--elr=0.1,0.10")).isEqualTo(2);
        assertThat(err).hasToString("--elr = [0.1, 0.10]: must be two different values at least, to see a slope");
    }

    private static String said(String... command) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ExperimentCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out));
        assertThat(line.execute(command)).isZero();
        return out.toString();
    }
}
