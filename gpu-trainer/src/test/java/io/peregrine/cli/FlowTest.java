package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.progress.Progress;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowTest {
    @TempDir
    Path folder;

    private RunFile dataOnly(String more) throws IOException {
        return RunFile.open(Files.writeString(folder.resolve("run.yaml"), """
                run: data
                root: out
                seed: 7
                sources:
                  - {name: a, kind: text, domain: web, licence: MIT, paths: [a.txt]}
                """ + more));
    }

    @Test
    void aRunOfTheDataStagesNeedsNoOthersSections() throws IOException {
        RunFile file = dataOnly("");
        assertThat(Flow.of(file, Stage.REPOSITORIES)).isNotNull();
        assertThat(Flow.of(file, Stage.TOKENS)).isNotNull();
    }

    @Test
    void aStageThatWillRunAsksForItsSection() throws IOException {
        RunFile file = dataOnly("mixture: {epochs: 1, streams: {web: {weight: 1}}}\n");
        assertThat(Flow.of(file, Stage.SHARDS)).isNotNull();
        assertThatThrownBy(() -> Flow.of(file, Stage.TRAIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train");
    }

    /** Hours of data stages would come before the training that is refused. */
    @Test
    void aMachineWithoutADeviceIsRefusedBeforeTheFirstStage() throws IOException {
        assumeThat(Backend.CUDA.fault()).isPresent();
        Path model = Path.of("..", "conf", "model", "quickstart.json").toAbsolutePath();
        RunFile file = dataOnly("mixture: {epochs: 1, streams: {web: {weight: 1}}}\ntrain: {model: '" + model
                + "', steps: 1, backend: cuda}\n");
        Flow flow = Flow.of(file, Stage.TRAIN);
        assertThatThrownBy(() -> flow.run(Set.of(), Progress.SILENT, new PrintWriter(new StringWriter())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train.backend = cuda: cannot run here");
        assertThat(file.layout().root()).doesNotExist();
    }

    @Test
    void aSectionThatIsThereIsCheckedHoweverFarTheRunGoes() throws IOException {
        RunFile file = dataOnly("train: {model: m.json, steps: 1, batch: 3}\n");
        assertThatThrownBy(() -> Flow.of(file, Stage.DEDUP))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run.yaml:6: unknown key 'train.batch'");
    }
}
