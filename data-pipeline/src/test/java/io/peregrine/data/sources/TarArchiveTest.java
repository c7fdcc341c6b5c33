package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
    @TempDir
    Path folder;

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static TarArchiveOutputStream tar(ByteArrayOutputStream bytes) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        return tar;
    }

    private static byte[] tar(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                add(tar, namesAndTexts[i], Reading.utf8(namesAndTexts[i + 1]));
            }
        }
        return bytes.toByteArray();
    }

    private Reading read(String name, byte[] content) {
        return Reading.of(SourceKind.CODE_ARCHIVE, Reading.write(folder.resolve(name), content));
    }

    @Test
    void sourceFilesOfATar() throws IOException {
        String deep = "very/" + "deep/".repeat(40) + "\u00FCber.py";
        byte[] tar = tar("top-1.0/A.java", "class A {}", "top-1.0/logo.png", "x", deep, "x = 1");
        for (Map.Entry<String, byte[]> file : Map.of(
                        "top-1.0.tar", tar, "top-1.0.tgz", Reading.gzip(tar), "top-1.0.tar.zst", Reading.zstd(tar))
                .entrySet()) {
            Reading reading = read(file.getKey(), file.getValue());
            assertThat(reading.texts()).containsExactly("class A {}", "x = 1");
            assertThat(reading.locations()).containsExactly("top-1.0/A.java", deep);
            assertThat(reading.documents()).extracting("repository").containsOnly("top-1.0");
            assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.OTHER_FORMAT, 1));
            assertThat(reading.rejected()).isEmpty();
        }
    }

    @Test
    void theBytesSayWhatItIsNotTheName() throws IOException {
        byte[] tar = tar("A.java", "class A {}");
        byte[] zip = Reading.zip(Map.of("A.java", Reading.utf8("class A {}")));
        for (Map.Entry<String, byte[]> file : Map.of(
                        "a.zip", tar, "b.jar", Reading.gzip(tar), "c.tar.gz", Reading.zstd(tar), "d.tar", zip)
                .entrySet()) {
            assertThat(read(file.getKey(), file.getValue()).texts()).containsExactly("class A {}");
        }
    }

    @Test
    void pagesOfATar() throws IOException {
        Path file = Reading.write(
                folder.resolve("guide-2.1-docs.tar.gz"), Reading.gzip(tar("p.html", "<main><p>One page.</p></main>")));
        Reading reading = Reading.of(SourceKind.HTML_ARCHIVE, file);
        assertThat(reading.texts()).containsExactly("One page.");
        assertThat(reading.documents().get(0).repository()).isEqualTo("guide-2.1");
    }

    @Test
    void namesThatLeaveTheTarAreRejected() throws IOException {
        Reading reading = read(
                "n.tar",
                tar("../x.java", "a", "/etc/y.java", "b", "ok/../../z.java", "c", "C:\\w.java", "d", "ok.java", "e"));
        assertThat(reading.texts()).containsExactly("e");
        assertThat(reading.reasons()).hasSize(4).containsOnly(RejectReason.UNSAFE_PATH);
    }

    @Test
    void linksAndDevicesArePassedOver() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            for (byte type : new byte[] {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK,
                TarConstants.LF_FIFO
            }) {
                TarArchiveEntry entry = new TarArchiveEntry("special" + type + ".java", type);
                entry.setLinkName("/etc/passwd");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            tar.putArchiveEntry(new TarArchiveEntry("folder/"));
            tar.closeArchiveEntry();
            add(tar, "A.java", Reading.utf8("class A {}"));
        }
        Reading reading = read("s.tar", bytes.toByteArray());
        assertThat(reading.texts()).containsExactly("class A {}");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.SPECIAL_ENTRY, 5));
    }

    @Test
    void aSparseEntryOfManyTerabytesIsBounded() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // The oldest GNU form: one data byte behind a hole, and the size that the whole would have.
        byte[] header = new byte[512];
        field(header, 0, "hole.java");
        field(header, 100, "0000644");
        field(header, 108, "0000000");
        field(header, 116, "0000000");
        field(header, 124, "00000000001");
        field(header, 136, "00000000000");
        header[156] = 'S';
        field(header, 257, "ustar  ");
        field(header, 386, "77777777776");
        field(header, 398, "00000000001");
        field(header, 483, "77777777777");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        field(header, 148, "%06o".formatted(sum));
        bytes.writeBytes(header);
        byte[] data = new byte[512];
        data[0] = 'x';
        bytes.writeBytes(data);
        bytes.writeBytes(tar("A.java", "class A {}"));
        Reading reading = read("sparse.tar", bytes.toByteArray());
        assertThat(reading.rejected()).hasSize(1);
        assertThat(reading.reasons()).containsAnyOf(RejectReason.INFLATION, RejectReason.TOO_LARGE);
    }

    private static void field(byte[] header, int at, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Test
    void aBombInATarIsStopped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            for (int i = 0; i < 40; i++) {
                add(tar, "f" + i + (i % 2 == 0 ? ".java" : ".bin"), new byte[1 << 20]);
            }
        }
        for (byte[] packed : List.of(Reading.gzip(bytes.toByteArray()), Reading.zstd(bytes.toByteArray()))) {
            assertThat(read("bomb.tgz", packed).reasons()).containsExactly(RejectReason.INFLATION);
        }
    }

    @Test
    void aCutTarGivesWhatCameBefore() throws IOException {
        byte[] tar = tar("A.java", "class A {}", "B.java", "x".repeat(9000), "C.java", "class C {}");
        Reading plain = read("cut.tar", Arrays.copyOf(tar, 4000));
        assertThat(plain.texts()).containsExactly("class A {}");
        assertThat(plain.reasons()).containsExactly(RejectReason.TRUNCATED);
        assertThat(plain.rejected().get(0).position()).isEqualTo("B.java");
        byte[] zip = Reading.gzip(tar);
        assertThat(read("cut.tgz", Arrays.copyOf(zip, zip.length / 2)).reasons())
                .containsExactly(RejectReason.TRUNCATED);
    }

    @Test
    void whatIsNoTarIsReported() {
        assertThat(read("no.tar", Reading.utf8("<html>404 Not Found</html>".repeat(99)))
                        .rejected())
                .hasSize(1);
        assertThat(read("no.tar.gz", Reading.utf8("<html>404 Not Found</html>")).rejected())
                .hasSize(1);
    }

    @Test
    void archivesAreNamedForTheirPackage() {
        assertThat(List.of(
                                "a/gson-2.11.0-sources.jar",
                                "x-javadoc.jar",
                                "linux-6.1.tar.zst",
                                "t.TGZ",
                                "sources.jar",
                                "-sources.jar")
                        .stream()
                        .map(ArchiveNames::repository))
                .containsExactly("gson-2.11.0", "x", "linux-6.1", "t", "sources", "-sources.jar");
    }
}
