package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
    @TempDir
    Path folder;

    private static SourceConfig source(SourceKind kind, List<String> paths, Optional<RecordColumns> columns) {
        return new SourceConfig(
                "s",
                kind,
                "code",
                paths,
                "MIT",
                Optional.empty(),
                kind == SourceKind.JSONL ? Optional.of(List.of("content")) : Optional.empty(),
                columns,
                Optional.empty(),
                Optional.empty());
    }

    private Document one(Optional<RecordColumns> columns, String line) {
        Path file = Reading.write(folder.resolve("r.jsonl"), Reading.utf8(line));
        return Reading.of(source(SourceKind.JSONL, List.of("x"), columns), file)
                .documents()
                .get(0);
    }

    @Test
    void aRecordNamesItsRepositoryAndLicence() {
        Document full = one(Optional.empty(), """
                {"repo": "org/tool", "version": "1.2", "path": "src/a.c", "url": "http://x", "content": "int a;", "licence": "BSD-3-Clause", "language": "C"}""");
        assertThat(full.repository()).isEqualTo("org/tool@1.2");
        assertThat(full.location()).isEqualTo("src/a.c");
        assertThat(full.licence()).isEqualTo("BSD-3-Clause");
        assertThat(full.language()).isEqualTo("C");
        Document plain = one(Optional.empty(), """
                {"repo": "", "version": "1.2", "path": "src/a.c", "url": "http://x", "content": "int a;", "license": ["MIT"]}""");
        assertThat(plain.repository()).isEmpty();
        assertThat(plain.location()).isEqualTo("http://x");
        assertThat(plain.licence()).isEqualTo("MIT");
        Document american = one(Optional.empty(), """
                {"repository": "r", "license": "ISC", "content": "int a;"}""");
        assertThat(american.repository()).isEqualTo("r");
        assertThat(american.licence()).isEqualTo("ISC");
        assertThat(american.location()).isEqualTo("byte 0");
    }

    @Test
    void columnsMayHaveOtherNames() {
        RecordColumns columns = new RecordColumns(
                Optional.of("file"), Optional.of("project"), Optional.empty(), Optional.of("terms"), Optional.empty());
        Document document = one(Optional.of(columns), """
                {"repo": "no", "path": "no", "licence": "no", "project": "p", "file": "f.c", "terms": "0BSD", "content": "int a;"}""");
        assertThat(document.repository()).isEqualTo("p");
        assertThat(document.location()).isEqualTo("f.c");
        assertThat(document.licence()).isEqualTo("0BSD");
        assertThatThrownBy(() -> source(SourceKind.TEXT, List.of("x"), Optional.of(columns)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("names the columns of a jsonl, html-jsonl or parquet source");
        assertThatThrownBy(() -> new RecordColumns(
                        Optional.of(" "), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()))
                .hasMessageContaining("columns = ' ': must be the name of a column");
    }

    @Test
    void aFolderIsARepository() throws IOException {
        for (String name : List.of("trees/one/src/a.py", "trees/one/b.py", "trees/two/c.py", "trees/d.py")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "x = 1");
        }
        assertThat(repositories("trees/one")).containsExactly("one", "one");
        assertThat(repositories("trees/one/")).containsExactly("one", "one");
        assertThat(repositories("trees/**")).containsExactly("", "one", "one", "two");
        assertThat(repositories("trees/*/*.py")).containsExactly("one", "two");
        assertThat(repositories("trees/d.py")).containsExactly("");
        InputFile file = InputFiles.of(source(SourceKind.CODE_ARCHIVE, List.of("trees/one"), Optional.empty()), folder)
                .get(0);
        try (SourceReader reader =
                SourceReaders.open(source(SourceKind.CODE_ARCHIVE, List.of("x"), Optional.empty()), file)) {
            assertThat(((SourceItem.Accepted) reader.next()).document().repository())
                    .isEqualTo("one");
        }
    }

    private List<String> repositories(String path) {
        return InputFiles.of(source(SourceKind.CODE_ARCHIVE, List.of(path), Optional.empty()), folder).stream()
                .map(InputFile::repository)
                .toList();
    }
}
