package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRowsReaderTest {
    private static final MessageType FINEWEB = MessageTypeParser.parseMessageType("""
            message schema {
              optional binary text (STRING); optional binary id (STRING); optional binary dump (STRING);
              optional binary url (STRING); optional binary date (STRING); optional binary file_path (STRING);
              optional binary language (STRING); optional double language_score; optional int64 token_count;
              optional group extra { optional binary text (STRING); }
            }""");
    private static final int ROWS = 1000;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fineweb() throws IOException {
        file = write("fineweb.parquet", CompressionCodecName.ZSTD, ROWS);
    }

    private Path write(String name, CompressionCodecName codec, int rows) throws IOException {
        Path path = folder.resolve(name);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(path))
                .withConf(new PlainParquetConfiguration())
                .withType(FINEWEB)
                .withCompressionCodec(codec)
                .withPageSize(2048)
                .withRowGroupSize(4_000L)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(10)
                .build()) {
            for (int i = 0; i < rows; i++) {
                writer.write(row(i));
            }
        }
        return path;
    }

    private static Group row(int i) {
        Group row = new SimpleGroupFactory(FINEWEB).newGroup();
        if (i != 7) {
            row.add("text", i == 9 ? Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xE9}) : text(i));
        }
        return row.append("id", "<urn:uuid:" + i + ">")
                .append("dump", "CC-MAIN-2024-10")
                .append("url", "http://example.org/" + i)
                .append("language", "en")
                .append("language_score", 0.9)
                .append("token_count", 12L);
    }

    private static Binary text(int i) {
        return Binary.fromString("Text number %d. %s"
                .formatted(i, Long.toString(i * 7919L * 104729L, 36).repeat(9)));
    }

    private static int groups(Path path) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(path))) {
            return reader.getRowGroups().size();
        }
    }

    @Test
    void aRowIsADocument() throws IOException {
        assertThat(groups(file)).isGreaterThan(3);
        for (CompressionCodecName codec : new CompressionCodecName[] {
            CompressionCodecName.UNCOMPRESSED, CompressionCodecName.GZIP, CompressionCodecName.SNAPPY
        }) {
            Reading reading = Reading.of(SourceKind.PARQUET, write("c-" + codec, codec, ROWS));
            assertThat(reading.documents()).hasSize(ROWS - 2);
            assertThat(reading.texts().get(0)).isEqualTo(text(0).toStringUsingUTF8());
            assertThat(reading.locations().get(1)).isEqualTo("http://example.org/1");
            assertThat(reading.documents().get(1).language()).isEqualTo("en");
            assertThat(reading.documents().get(1).repository()).isEmpty();
        }
    }

    @Test
    void rowsWithoutTextAreReportedByTheirPlace() {
        Reading reading = Reading.of(SourceKind.PARQUET, file);
        assertThat(reading.reasons()).containsExactly(RejectReason.MISSING_FIELD, RejectReason.MALFORMED_UTF8);
        assertThat(reading.rejected().get(0).position()).isEqualTo("row group 0, row 7");
        assertThat(reading.rejected().get(0).detail()).isEqualTo("column 'text' is null");
        assertThat(reading.rejected().get(1).position()).isEqualTo("row group 0, row 9");
    }

    @Test
    void fieldsMakeTheText() {
        Reading reading = Reading.of(Reading.withFields(SourceKind.PARQUET, "dump", "id"), file);
        assertThat(reading.texts().get(3)).isEqualTo("CC-MAIN-2024-10\n\n<urn:uuid:3>");
        for (String column : new String[] {"content", "token_count", "extra"}) {
            Reading none = Reading.of(Reading.withFields(SourceKind.PARQUET, column), file);
            assertThat(none.reasons()).containsExactly(RejectReason.MISSING_FIELD);
            assertThat(none.rejected().get(0).detail())
                    .isEqualTo("column '%s' is missing or not text".formatted(column));
        }
    }

    @Test
    void theCutsDoNotShow() throws IOException {
        Reading whole = Reading.of(SourceKind.PARQUET, file);
        for (long step : new long[] {10_000, 30_000, 1 << 30}) {
            assertThat(Reading.inParts(SourceKind.PARQUET, step, file)).isEqualTo(whole);
        }
        Path cut = Reading.write(folder.resolve("cut"), Arrays.copyOf(Files.readAllBytes(file), 9_000));
        assertThat(Reading.inParts(SourceKind.PARQUET, 4000, cut)).isEqualTo(Reading.of(SourceKind.PARQUET, cut));
    }

    @Test
    void aBrokenFooterIsOneFault() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Reading.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));
        Reading reading = Reading.of(SourceKind.PARQUET, cut);
        assertThat(reading.documents()).isEmpty();
        assertThat(reading.reasons()).containsExactly(RejectReason.DAMAGED);
        assertThat(reading.rejected().get(0).position()).isEqualTo("footer");
        Path text = Reading.write(folder.resolve("text"), Reading.utf8("no parquet at all, only some words"));
        assertThat(Reading.of(SourceKind.PARQUET, text).reasons()).containsExactly(RejectReason.DAMAGED);
        byte[] scrambled = bytes.clone();
        Arrays.fill(scrambled, bytes.length - 600, bytes.length - 8, (byte) 0xAA);
        Reading none = Reading.of(SourceKind.PARQUET, Reading.write(folder.resolve("s"), scrambled));
        assertThat(none.documents()).isEmpty();
        assertThat(none.rejected()).hasSize(1);
    }

    @Test
    void aDamagedRowGroupCostsItself() throws IOException {
        long start;
        long rows;
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            start = reader.getRowGroups().get(1).getStartingPos();
            rows = reader.getRowGroups().get(1).getRowCount();
        }
        for (int at : new int[] {0, 100}) {
            byte[] clean = Files.readAllBytes(file);
            Path damaged = Reading.write(folder.resolve("damaged" + at), clean);
            try (RandomAccessFile bytes = new RandomAccessFile(damaged.toFile(), "rw")) {
                bytes.seek(start + at);
                bytes.write(new byte[40]);
            }
            Reading reading = Reading.of(SourceKind.PARQUET, damaged);
            assertThat(reading.documents()).hasSizeBetween((int) (ROWS - 2 - rows), ROWS - 3);
            assertThat(reading.texts())
                    .contains(text(0).toStringUsingUTF8(), text(ROWS - 1).toStringUsingUTF8());
            assertThat(reading.rejected()).hasSize(3).last().satisfies(fault -> {
                assertThat(fault.position()).startsWith("row group 1");
                assertThat(fault.detail()).endsWith("rows lost)");
            });
            assertThat(Reading.inParts(SourceKind.PARQUET, 30_000, damaged).equals(reading))
                    .isTrue();
        }
    }

    @Test
    void aTextAboveTheCapCostsItself() {
        Reading reading =
                Reading.of(Reading.source(SourceKind.PARQUET, Reading.maxDocumentBytes(text(1).length())), file);
        assertThat(reading.texts()).contains(text(1).toStringUsingUTF8());
        assertThat(reading.reasons()).contains(RejectReason.TOO_LARGE);
    }

    @Test
    void aTextRepeatedByADictionaryIsABomb() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message m { required binary text (STRING); }");
        Path bomb = folder.resolve("bomb");
        Group row = new SimpleGroupFactory(type).newGroup().append("text", "x".repeat(100_000));
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(bomb))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build()) {
            for (int i = 0; i < 5000; i++) {
                writer.write(row);
            }
        }
        Reading reading = Reading.of(SourceKind.PARQUET, bomb);
        assertThat(reading.documents()).hasSizeLessThan(50);
        assertThat(reading.reasons()).containsExactly(RejectReason.INFLATION);
    }
}
