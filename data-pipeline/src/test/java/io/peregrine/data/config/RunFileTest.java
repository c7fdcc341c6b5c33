package io.peregrine.data.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    record Section(int words) {
        static final Section DEFAULTS = new Section(3);

        Section {
            if (words < 0) {
                throw new ConfigException("words", words, "must be >= 0");
            }
        }
    }

    @TempDir
    Path folder;

    private RunFile open(String yaml) throws IOException {
        return RunFile.open(Files.writeString(folder.resolve("run.yaml"), "run: x\nroot: out\nseed: 7\n" + yaml));
    }

    @Test
    void eachStageBindsItsOwnSection() throws IOException {
        RunFile file = open("filter: {words: 5}\nsources:\n  - words: 1\n  - {}\n");
        assertThat(file.head()).isEqualTo(new RunFile.Head("x", "out", 7, Optional.empty()));
        assertThat(file.section("filter", Section.class)).isEqualTo(new Section(5));
        assertThat(file.section("dedup", Section.class)).isEqualTo(new Section(3));
        assertThat(file.listSection("sources", Section.class)).isEqualTo(List.of(new Section(1), new Section(3)));
    }

    @Test
    void keysCanBeSetFromOutside() throws IOException {
        Path path = Files.writeString(folder.resolve("run.yaml"), "run: x\nroot: out\nseed: 7\nfilter: {words: 5}\n");
        RunFile file = RunFile.open(path, Map.of("filter.words", "9", "seed", "8", "root", "elsewhere"));
        assertThat(file.head()).isEqualTo(new RunFile.Head("x", "elsewhere", 8, Optional.empty()));
        assertThat(file.section("filter", Section.class)).isEqualTo(new Section(9));
        RunFile wrong = RunFile.open(path, Map.of("dedup.words", "-1"));
        assertThatThrownBy(() -> wrong.section("dedup", Section.class))
                .hasMessage("--set dedup.words: dedup.words = -1: must be >= 0");
        assertThatThrownBy(() -> RunFile.open(path, Map.of("seed.x", "1")))
                .hasMessage("--set seed.x=1: 'seed' is not a group of keys");
    }

    @Test
    void inputsMayLieInAFolderOfTheirOwnWhichDecidesNothing() throws IOException {
        RunFile here = open("");
        RunFile there = open("inputs: /data\n");
        assertThat(here.inputs()).isEqualTo(Path.of(""));
        assertThat(there.inputs()).isEqualTo(Path.of("/data"));
        assertThat(there.digest()).isEqualTo(here.digest());
        assertThatThrownBy(() -> open("inputs: ''\n"))
                .hasMessageStartingWith(
                        folder.resolve("run.yaml") + ":4: inputs = '': must name a folder, or be left out");
    }

    @Test
    void aSectionIsThereOrNot() throws IOException {
        RunFile file = open("filter: {}\n");
        assertThat(file.has("filter")).isTrue();
        assertThat(file.has("train")).isFalse();
    }

    @Test
    void theRecordOfARunOpensAsTheSameRunFile() throws IOException {
        Path root = folder.resolve("out");
        Path path = Files.writeString(
                folder.resolve("a.yaml"), "run: 'on'\nroot: " + root + "\nseed: 7\nfilter: {words: 5}\n");
        RunFile file = RunFile.open(path, Map.of("filter.words", "9"));
        file.keepRecord();
        RunFile record = RunFile.open(file.layout().settings());
        assertThat(record.head()).isEqualTo(file.head());
        assertThat(record.section("filter", Section.class)).isEqualTo(new Section(9));
    }

    @Test
    void whatBelongsToNoStageIsRefusedAtOnce() {
        assertThatThrownBy(() -> open("filters: {}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run.yaml:4: unknown key 'filters'")
                .hasMessageContaining("sections: [sources, filter, ");
    }

    @Test
    void aFaultInASectionIsNamedWithItsWholePath() throws IOException {
        RunFile file = open("filter: {words: -5}\nsources:\n  - words: 1\n  - word: 2\n");
        assertThatThrownBy(() -> file.section("filter", Section.class))
                .hasMessage(folder.resolve("run.yaml") + ":4: filter.words = -5: must be >= 0");
        assertThatThrownBy(() -> file.listSection("sources", Section.class))
                .hasMessageContaining("run.yaml:7: unknown key 'sources[1].word'; did you mean 'words'?");
        assertThatThrownBy(() -> file.section("sources", Section.class))
                .hasMessageContaining("run.yaml:5: 'sources' must be a group of keys, one of [words]");
    }
}
