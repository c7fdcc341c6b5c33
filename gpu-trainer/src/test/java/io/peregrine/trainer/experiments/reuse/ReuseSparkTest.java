package io.peregrine.trainer.experiments.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.progress.Progress;
import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.experiments.ExperimentRun;
import io.peregrine.trainer.train.MetricsLog;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Arms from the checkpoint in the middle of a small run. */
@Tag("spark")
final class ReuseSparkTest {
    @TempDir
    Path folder;

    @Test
    void armsGoOnFromOneCheckpoint() throws IOException {
        Path runFile = ExperimentRun.write(folder.resolve("run"));
        Map<String, String> longer = Map.of("train.steps", "20", "train.checkpoints", "{every-steps: 5, keep: 4}");
        assertThatThrownBy(() -> ReuseCommand.origin(RunFile.open(runFile), Optional.empty()))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("80-train/checkpoints: has no checkpoint to go back to; train the run first");
        RunFile run = RunFile.open(runFile, longer);
        new TrainStage(run.layout(), run.section("train", TrainConfig.class), run.seed()).ensure(Progress.SILENT);
        assertThatThrownBy(() -> ReuseCommand.origin(run, Optional.of(10L)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no checkpoint of at most 10 tokens, the first has ");
        byte[] metrics = Files.readAllBytes(run.layout().train().resolve(MetricsLog.FILE_NAME));

        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ExperimentCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out));
        int code = line.execute(
                "reuse",
                runFile.toString(),
                "--source=web",
                "--sequences=4",
                "--gaps=0.1,0.7",
                "--set=train.steps=20",
                "--set=train.checkpoints={every-steps: 5, keep: 4}");
        assertThat(code).isZero();
        assertThat(out.toString())
                .startsWith("from step 10 of the run")
                .contains("6 of 6: gap-0.7, seed 2: held-out loss")
                .containsPattern(
                        "\\| gap-0\\.1 \\| [\\d,]+ \\| [\\d.]+ \\| \\d\\.\\d+ \\+- [\\d.]+ \\| -?[\\d.]+ \\+-");
        assertThat(run.layout().train().resolve(MetricsLog.FILE_NAME)).hasBinaryContent(metrics);
        Path arm = folder.resolve("run/95-experiments/reuse-small/arms/fresh/seed-1");
        List<Long> steps = MetricsLog.read(arm.resolve(MetricsLog.FILE_NAME)).stream()
                .filter(step -> step.path("kind").asText().equals("step"))
                .map(step -> step.path("step").asLong())
                .toList();
        assertThat(steps).hasSize(20).startsWith(1L, 2L).endsWith(19L, 20L);
        assertThat(Files.readAllLines(arm.resolve(MetricsLog.FILE_NAME)).get(0))
                .as("the steps before are the run's")
                .isEqualTo(Files.readAllLines(run.layout().train().resolve(MetricsLog.FILE_NAME))
                        .get(0));
    }
}
