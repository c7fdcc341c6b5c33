package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    Path base;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("b/two.txt", "b/one.txt", "b/c/three.txt", "a.md", "b/[x].txt")) {
            Files.createDirectories(base.resolve(name).getParent());
            Files.writeString(base.resolve(name), name);
        }
    }

    private List<String> origins(String... paths) {
        SourceConfig source = new SourceConfig(
                "s",
                SourceKind.TEXT,
                "web",
                List.of(paths),
                "CC0-1.0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return InputFiles.of(source, base).stream().map(InputFile::origin).toList();
    }

    @Test
    void filesAreSortedAndEachOnce() {
        assertThat(origins("b", "a.md", "b/*.txt"))
                .containsExactly("a.md", "b/[x].txt", "b/c/three.txt", "b/one.txt", "b/two.txt");
        assertThat(origins("b/*o*.txt")).containsExactly("b/one.txt", "b/two.txt");
        assertThat(origins("**/t*.txt")).containsExactly("b/c/three.txt", "b/two.txt");
    }

    @Test
    void absolutePathsWorkToo() {
        assertThat(origins(base + "/b/o*.txt")).containsExactly("b/one.txt");
    }

    @Test
    void aPathThatNamesNothingIsAnError() {
        assertThatThrownBy(() -> origins("b", "b/*.html"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("source s: path 'b/*.html' names no file in " + base);
        assertThatThrownBy(() -> origins("nowhere/x.txt")).hasMessageContaining("'nowhere/x.txt'");
    }

    @Test
    void plainFilesAreRead() throws IOException {
        Reading reading = Reading.of(SourceKind.TEXT, base.resolve("a.md"));
        assertThat(reading.texts()).containsExactly("a.md");
        Files.write(base.resolve("u16.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE, 'h', 0, 'i', 0});
        assertThat(Reading.of(SourceKind.TEXT, base.resolve("u16.txt")).texts()).containsExactly("hi");
        Files.write(base.resolve("bin.txt"), new byte[] {1, 0, 2});
        assertThat(Reading.of(SourceKind.TEXT, base.resolve("bin.txt")).skipped())
                .containsEntry(SkipReason.BINARY, 1);
        Files.writeString(base.resolve("blank.txt"), " \n");
        assertThat(Reading.of(SourceKind.TEXT, base.resolve("blank.txt")).reasons())
                .containsExactly(RejectReason.NO_TEXT);
        Files.writeString(base.resolve("p.html"), "<main><p>Hello there.</p></main>");
        assertThat(Reading.of(SourceKind.HTML, base.resolve("p.html")).texts()).containsExactly("Hello there.");
    }
}
