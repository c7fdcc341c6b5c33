package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.peregrine.data.ConfigException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.sources.FileParts;
import io.peregrine.data.sources.InputFiles;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.sources.SourceKind;
import io.peregrine.data.sources.SourceLimits;
import io.peregrine.data.testing.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class IngestJobSparkTest {
    @TempDir
    Path work;

    private final List<SourceConfig> sources = List.of(
            source("lines", SourceKind.JSONL, "web", "lines/*.jsonl"),
            source("files", SourceKind.CODE_ARCHIVE, "code", "code"));

    private static SourceConfig source(String name, SourceKind kind, String domain, String path) {
        return new SourceConfig(
                name,
                kind,
                domain,
                List.of(path),
                "CC0-1.0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @BeforeEach
    void inputs() throws IOException {
        Files.createDirectories(work.resolve("lines"));
        Files.createDirectories(work.resolve("code/deep"));
        for (int file = 0; file < 6; file++) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 10 + file * 20; i++) {
                lines.append("{\"text\": \"document %d of file %d\"}\n".formatted(i, file));
            }
            Files.writeString(work.resolve("lines/f" + file + ".jsonl"), lines + "{broken\n");
        }
        Files.writeString(work.resolve("code/A.java"), "class A {}");
        Files.writeString(work.resolve("code/deep/b.py"), "b = 1\n");
        Files.writeString(work.resolve("code/deep/readme"), "not source");
        Files.writeString(work.resolve("code/empty.py"), "");
    }

    private StageManifest ingest(String run, List<SourceConfig> what) {
        RunLayout layout = new RunLayout(work.resolve(run));
        return new StageRunner(SparkTest.spark(), layout, SeedStream.of(1), Progress.SILENT)
                .ensure(new IngestJob(what, work));
    }

    @Test
    void readsSourcesIntoTables() throws IOException {
        StageManifest first = ingest("run", sources);
        everythingIsCounted(first);
        everythingIsInTheTables();
        outputsDependOnTheInputsAlone(first);
        aChangedFileIsReadAgain(first);
    }

    private static void everythingIsCounted(StageManifest manifest) {
        Map<String, Long> expected = Map.ofEntries(
                Map.entry("files", 10L),
                Map.entry("documents", 362L),
                Map.entry("rejected.malformed_json", 6L),
                Map.entry("rejected.empty_file", 1L),
                Map.entry("skipped.other_format", 1L),
                Map.entry("lines.documents", 360L),
                Map.entry("lines.rejected.malformed_json", 6L),
                Map.entry("files.documents", 2L),
                Map.entry("files.files", 4L),
                Map.entry("files.rejected.empty_file", 1L),
                Map.entry("files.skipped.other_format", 1L),
                Map.entry("files.text-bytes", 16L));
        assertThat(manifest.counts()).containsAllEntriesOf(expected);
    }

    private void everythingIsInTheTables() {
        List<Row> code = SparkTest.spark()
                .read()
                .format("delta")
                .load(new RunLayout(work.resolve("run"))
                        .table(Stage.DOCUMENTS, "documents")
                        .toString())
                .where("domain = 'code'")
                .orderBy("location")
                .collectAsList();
        assertThat(code)
                .extracting(DocumentRows::fromRow)
                .extracting("location")
                .containsExactly("code/A.java", "code/deep/b.py");
        assertThat(code)
                .extracting(DocumentRows::fromRow)
                .extracting("language")
                .containsExactly("java", "python");
        List<Row> rejected = SparkTest.spark()
                .read()
                .format("delta")
                .load(new RunLayout(work.resolve("run"))
                        .table(Stage.DOCUMENTS, "rejected")
                        .toString())
                .where("origin = 'lines/f0.jsonl'")
                .collectAsList();
        assertThat(rejected).hasSize(1);
        assertThat(rejected.get(0).<String>getAs("position")).isEqualTo("byte 330");
        assertThat(rejected.get(0).<String>getAs("reason")).isEqualTo("malformed_json");
    }

    private void outputsDependOnTheInputsAlone(StageManifest first) {
        assertThat(ingest("run", sources)).isEqualTo(first);
        List<SourceConfig> reversed = new ArrayList<>(sources);
        Collections.reverse(reversed);
        SparkTest.withCores(1, () -> {
            assertThat(ingest("second", reversed).outputs()).isEqualTo(first.outputs());
            return null;
        });
    }

    private void aChangedFileIsReadAgain(StageManifest first) throws IOException {
        Files.writeString(work.resolve("code/A.java"), "class Changed {}");
        StageManifest changed = ingest("run", sources);
        assertThat(changed.output("documents").payloadDigest())
                .isNotEqualTo(first.output("documents").payloadDigest());
        assertThat(changed.output("rejected").payloadDigest())
                .isEqualTo(first.output("rejected").payloadDigest());
    }

    /** One file of each kind that can be cut, read whole and in parts of a few hundred bytes. */
    @Test
    void theTablesDoNotDependOnTheParts() throws IOException {
        Path folder = Files.createDirectories(work.resolve("cut"));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String line = i % 50 == 7 ? "{broken" : "{\"text\": \"a document, number %d, with \u00e9\"}".formatted(i);
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            plain.write(bytes);
            // Frames end in the middle of lines.
            frames.write(Zstd.compress(Arrays.copyOfRange(bytes, 0, 5)));
            frames.write(Zstd.compress(Arrays.copyOfRange(bytes, 5, bytes.length)));
            rows.add(RowFactory.create("a row, number " + i));
        }
        Files.write(folder.resolve("lines.jsonl"), plain.toByteArray());
        Files.write(folder.resolve("lines.jsonl.zst"), frames.toByteArray());
        SparkTest.spark()
                .createDataset(rows, Encoders.row(new StructType().add("text", DataTypes.StringType)))
                .coalesce(1)
                .write()
                .option("parquet.block.size", "1")
                .option("parquet.block.size.row.check.min", "1")
                .option("parquet.page.size.row.check.min", "1")
                .option("parquet.page.size.row.check.max", "10")
                .parquet(folder.resolve("rows").toString());

        StageManifest whole = ingest("whole", cut(1 << 20));
        assertThat(whole.counts())
                .containsEntry("documents", 3 * 300L - 12)
                .containsEntry("rejected.malformed_json", 12L);
        for (int bytes : new int[] {500, 3_000}) {
            assertThat(partsOf("cut/lines.jsonl", SourceKind.JSONL, bytes)).isGreaterThan(4);
            assertThat(partsOf("cut/lines.jsonl.zst", SourceKind.JSONL, bytes)).isGreaterThan(4);
            StageManifest parts = ingest("parts-" + bytes, cut(bytes));
            assertThat(parts.outputs()).isEqualTo(whole.outputs());
            assertThat(parts.counts()).isEqualTo(whole.counts());
        }
    }

    private int partsOf(String path, SourceKind kind, int splitBytes) {
        SourceConfig source = cutAt(splitBytes, "one", kind, path);
        return InputFiles.of(source, work).stream()
                .mapToInt(file -> FileParts.of(source, file).size())
                .sum();
    }

    private static List<SourceConfig> cut(int splitBytes) {
        return List.of(
                cutAt(splitBytes, "plain", SourceKind.JSONL, "cut/lines.jsonl"),
                cutAt(splitBytes, "zstd", SourceKind.JSONL, "cut/lines.jsonl.zst"),
                cutAt(splitBytes, "parquet", SourceKind.PARQUET, "cut/rows/*.parquet"));
    }

    private static SourceConfig cutAt(int splitBytes, String name, SourceKind kind, String path) {
        SourceLimits usual = SourceLimits.DEFAULTS;
        SourceLimits limits = new SourceLimits(
                usual.maxDocumentBytes(),
                usual.maxArchiveEntries(),
                usual.maxInflatedBytes(),
                usual.maxInflationRatio(),
                splitBytes);
        return new SourceConfig(
                name,
                kind,
                "web",
                List.of(path),
                "CC0-1.0",
                Optional.of("en"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(limits));
    }

    @Test
    void sourcesHaveNamesOfTheirOwn() {
        SourceConfig twin = source("lines", SourceKind.TEXT, "web", "code");
        assertThatThrownBy(() -> new IngestJob(List.of(sources.get(0), twin), work))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lines: two sources have this name");
    }
}
