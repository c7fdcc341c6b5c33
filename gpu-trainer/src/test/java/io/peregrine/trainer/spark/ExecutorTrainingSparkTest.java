package io.peregrine.trainer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class ExecutorTrainingSparkTest {
    @TempDir
    Path folder;

    @Test
    void aTaskTrainsWhatTheDriverWould() throws IOException {
        RunLayout driver = run("driver", TrainSettings.MODEL);
        RunFile file = RunFile.open(driver.settings());
        StageManifest expected =
                new TrainStage(driver, file.section("train", TrainConfig.class), file.seed()).ensure(Progress.SILENT);

        RunLayout executor = run("executor", TrainSettings.MODEL);
        List<String> told = new ArrayList<>();
        StageManifest manifest = ExecutorTraining.ensure(SparkTest.spark(), executor, telling(told));
        assertThat(manifest.counts()).isEqualTo(expected.counts()).containsEntry("steps", 3L);
        assertThat(manifest.outputs().get("model").payloadDigest())
                .isEqualTo(expected.outputs().get("model").payloadDigest());
        long tokens = 3L * 8 * TestRun.SEQUENCE_LENGTH;
        assertThat(told.get(0)).isEqualTo("train: %d tokens".formatted(tokens));
        assertThat(told.get(told.size() - 3)).startsWith("step 3 loss ");
        assertThat(told.subList(told.size() - 2, told.size())).containsExactly(tokens + " done", "closed");
    }

    /** Keeps what it is told; done is what has been in all. */
    private static Progress telling(List<String> told) {
        return (name, unit, total) -> {
            told.add("%s: %d %s".formatted(name, total, unit));
            return new Progress.Task() {
                private long done;

                @Override
                public void advance(long more) {
                    done += more;
                    told.add(done + " done");
                }

                @Override
                public void say(String note) {
                    told.add(note);
                }

                @Override
                public void close() {
                    told.add("closed");
                }
            };
        };
    }

    @Test
    void whatTheUserHasToMendIsSaidOnce() throws IOException {
        RunLayout layout = run("mend", folder.resolve("absent.json"));
        assertThatThrownBy(() -> ExecutorTraining.ensure(SparkTest.spark(), layout, Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("absent.json");
        assertThat(StageManifest.read(layout, Stage.TRAIN)).isEmpty();
    }

    private RunLayout run(String name, Path model) throws IOException {
        RunLayout layout = new RunLayout(folder.resolve(name));
        TestRun.write(layout, 5_000);
        Files.writeString(layout.settings(), """
                run: a task
                root: %s
                seed: 5
                train:
                  model: %s
                  steps: 3
                  batch-sequences: 8
                  micro-batch-sequences: 4
                  validation: {sequences: 4}
                  backend: reference
                  place: executor
                """.formatted(layout.root(), model.toAbsolutePath()));
        return layout;
    }
}
