package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void aSectionThatIsThereIsCheckedHoweverFarTheRunGoes() throws IOException {
        RunFile file = dataOnly("train: {model: m.json, steps: 1, batch: 3}\n");
        assertThatThrownBy(() -> Flow.of(file, Stage.DEDUP))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run.yaml:6: unknown key 'train.batch'");
    }
}
