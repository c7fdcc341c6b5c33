package io.peregrine.data.sources;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePartsTest {
    private static final List<Long> STEPS = List.of(1L, 64L, 1000L, 1L << 40);

    @TempDir
    Path folder;

    /** Lines good and bad, short and long, some without an end of their own. */
    private static String lines() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            lines.append("{\"text\": \"line ")
                    .append(i)
                    .append(" x".repeat(i * 7 % 40))
                    .append("\"}\n");
            lines.append(i % 7 == 0 ? "{broken\n" : "").append(i % 11 == 0 ? "\n" : "");
        }
        return lines + "{\"text\": \"last\"}";
    }

    private static void assertSameInAllParts(Path file, List<Long> steps) {
        Reading whole = Reading.of(SourceKind.JSONL, file);
        for (long step : steps) {
            assertThat(Reading.inParts(SourceKind.JSONL, step, file))
                    .as("step %d", step)
                    .isEqualTo(whole);
        }
    }

    private static List<FilePart> parts(Path file, long step) {
        SourceLimits limits = new SourceLimits(1 << 20, 10, 1 << 30, 250, step);
        return FileParts.of(Reading.source(SourceKind.JSONL, limits), new InputFile("s", "f", "", file));
    }

    @Test
    void plainLinesDoNotDependOnTheCuts() {
        Path file = Reading.write(folder.resolve("a.jsonl"), Reading.utf8(lines()));
        assertThat(parts(file, 64)).hasSizeGreaterThan(20);
        assertSameInAllParts(file, STEPS);
        assertThat(Reading.of(SourceKind.JSONL, file).documents()).hasSize(61);
    }

    @Test
    void anyTextIsReadAlikeInAnyParts() {
        forAll(30, gen -> {
            String text = gen.text().replace(' ', '\n') + "\n\n" + gen.text().replace('a', '\n');
            Path file = Reading.write(folder.resolve("any.jsonl"), ("{}\n" + text).getBytes(StandardCharsets.UTF_8));
            assertSameInAllParts(file, List.of(1L, 3L, 10L));
        });
    }

    private static byte[] framed(String text, int bytesPerFrame) {
        byte[] bytes = Reading.utf8(text);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i += bytesPerFrame) {
            frames.writeBytes(Reading.zstd(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + bytesPerFrame))));
        }
        return frames.toByteArray();
    }

    @Test
    void zstdFramesDoNotDependOnTheCuts() {
        for (int frameBytes : new int[] {33, 500, 1 << 20}) {
            Path file = Reading.write(folder.resolve("a.jsonl.zst"), framed(lines(), frameBytes));
            assertSameInAllParts(file, STEPS);
            Path plain = Reading.write(folder.resolve("a.jsonl"), Reading.utf8(lines()));
            assertThat(Reading.of(SourceKind.JSONL, file).texts())
                    .isEqualTo(Reading.of(SourceKind.JSONL, plain).texts());
        }
        assertThat(parts(Reading.write(folder.resolve("b.zst"), framed(lines(), 33)), 64))
                .hasSizeGreaterThan(10);
    }

    @Test
    void aDamagedFrameIsOneFaultWhereverTheCutsAre() {
        byte[] good = framed(lines(), 100);
        byte[] one = Reading.zstd(Reading.utf8("{\"text\": \"" + "lost ".repeat(30) + "\"}\n"));
        one[one.length - 3] ^= 0x55;
        one[one.length - 12] ^= 0x55;
        Path file = Reading.write(folder.resolve("c.zst"), Reading.concat(good, one, good, good));
        assertSameInAllParts(file, STEPS);
        Reading whole = Reading.of(SourceKind.JSONL, file);
        assertThat(whole.reasons()).contains(RejectReason.DAMAGED);
        assertThat(whole.texts().stream().filter("line 59"::equals)).hasSizeLessThanOrEqualTo(3);
        assertThat(whole.documents()).hasSizeBetween(150, 183);
    }

    @Test
    void aCutFrameIsReportedAtItsPlace() {
        byte[] frame = Reading.zstd(Reading.utf8(lines()));
        Path file =
                Reading.write(folder.resolve("d.zst"), Reading.concat(frame, Arrays.copyOf(frame, frame.length - 20)));
        Reading reading = Reading.of(SourceKind.JSONL, file);
        assertThat(reading.documents()).hasSizeGreaterThan(59);
        assertThat(reading.reasons()).last().isEqualTo(RejectReason.TRUNCATED);
        assertThat(reading.rejected()).last().extracting("position").isEqualTo("byte " + lines().length());
        assertSameInAllParts(file, STEPS);
    }

    @Test
    void skippableFramesArePassedOver() {
        byte[] skippable = {0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 'a', '\n', 'b'};
        Path file = Reading.write(
                folder.resolve("e.zst"),
                Reading.concat(
                        skippable,
                        Reading.zstd(Reading.utf8("{\"text\": \"one\"}\n{\"te")),
                        skippable,
                        Reading.zstd(Reading.utf8("xt\": \"two\"}"))));
        assertThat(Reading.of(SourceKind.JSONL, file).texts()).containsExactly("one", "two");
        assertSameInAllParts(file, STEPS);
    }

    @Test
    void aFrameOfUnknownSizeIsReadWhole() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (com.github.luben.zstd.ZstdOutputStream out = new com.github.luben.zstd.ZstdOutputStream(stream)) {
            out.write(Reading.utf8(lines()));
        }
        Path file = Reading.write(folder.resolve("f.zst"), stream.toByteArray());
        assertThat(parts(file, 1)).containsExactly(FilePart.WHOLE);
        assertThat(Reading.of(SourceKind.JSONL, file).documents()).hasSize(61);
    }

    @Test
    void aHostileWindowIsRefused() {
        // A header that asks for a window of 2^41 bytes and does not say how much it holds, then an empty last block.
        byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0xF8, 1, 0, 0};
        Reading reading = Reading.of(SourceKind.JSONL, Reading.write(folder.resolve("g.zst"), frame));
        assertThat(reading.reasons()).containsExactly(RejectReason.INFLATION);
        assertThat(reading.rejected().get(0).detail()).contains("window above 128 MiB");
    }

    @Test
    void aZstdBombIsStopped() {
        Path file = Reading.write(folder.resolve("h.zst"), Reading.zstd(new byte[64 << 20]));
        Reading reading = Reading.of(SourceKind.JSONL, file);
        assertThat(reading.reasons()).containsExactly(RejectReason.INFLATION);
        assertThat(parts(file, 1)).containsExactly(FilePart.WHOLE);
    }

    @Test
    void gzipIsNotCut() {
        Path file = Reading.write(folder.resolve("i.gz"), Reading.gzip(Reading.utf8(lines())));
        assertThat(parts(file, 1)).containsExactly(FilePart.WHOLE);
    }
}
