package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcCompression;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcWriter;

class WarcFileReaderTest {
    private static final Instant DATE = Instant.parse("2024-05-01T12:00:00Z");
    private static final String HTML = "text/html; charset=UTF-8";

    @TempDir
    Path folder;

    private static String page(String text) {
        return "<html lang='en'><body><main><p>" + text + "</p></main></body></html>";
    }

    private static WarcRecord response(String url, String status, String headers, byte[] body) {
        ByteArrayOutputStream http = new ByteArrayOutputStream();
        http.writeBytes(("HTTP/1.1 " + status + "\r\n" + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        http.writeBytes(body);
        return new WarcResponse.Builder(url)
                .date(DATE)
                .body(MediaType.HTTP_RESPONSE, http.toByteArray())
                .build();
    }

    private static WarcRecord ok(String url, String text) {
        byte[] body = Reading.utf8(page(text));
        return response(url, "200 OK", "Content-Type: " + HTML + "\r\nContent-Length: " + body.length + "\r\n", body);
    }

    /** Each record as it stands in a file. */
    private static List<byte[]> serialized(WarcCompression compression, WarcRecord... records) {
        List<byte[]> parts = new ArrayList<>();
        for (WarcRecord record : records) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (WarcWriter writer = new WarcWriter(Channels.newChannel(bytes), compression)) {
                writer.write(record);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            parts.add(bytes.toByteArray());
        }
        return parts;
    }

    private Path file(String name, List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return Reading.write(folder.resolve(name), all.toByteArray());
    }

    @Test
    void pagesWithStatus200AreDocuments() {
        for (WarcCompression compression : List.of(WarcCompression.GZIP, WarcCompression.NONE)) {
            Path file = file(
                    "a.warc",
                    serialized(
                            compression,
                            ok("http://a/", "First page."),
                            response(
                                    "http://b/",
                                    "404 Not Found",
                                    "Content-Type: text/html\r\n",
                                    Reading.utf8(page("No."))),
                            response("http://c/", "200 OK", "Content-Type: image/png\r\n", new byte[50]),
                            ok("http://d/", "Second page.")));
            Reading reading = Reading.of(SourceKind.WARC, file);
            assertThat(reading.texts()).containsExactly("First page.", "Second page.");
            assertThat(reading.locations()).containsExactly("http://a/", "http://d/");
            assertThat(reading.documents().get(0).language()).isEqualTo("en");
            assertThat(reading.skipped()).containsEntry(SkipReason.NOT_A_PAGE, 2);
            assertThat(reading.rejected()).isEmpty();
        }
    }

    @Test
    void transferAndContentEncodingAreUndone() {
        byte[] body = Reading.utf8(page("Chunked text."));
        ByteArrayOutputStream chunked = new ByteArrayOutputStream();
        chunked.writeBytes(Reading.utf8(Integer.toHexString(20) + "\r\n"));
        chunked.write(body, 0, 20);
        chunked.writeBytes(Reading.utf8("\r\n" + Integer.toHexString(body.length - 20) + "\r\n"));
        chunked.write(body, 20, body.length - 20);
        chunked.writeBytes(Reading.utf8("\r\n0\r\n\r\n"));
        Path file = file(
                "b.warc.gz",
                serialized(
                        WarcCompression.GZIP,
                        response(
                                "http://chunked/",
                                "200 OK",
                                "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n",
                                chunked.toByteArray()),
                        response(
                                "http://gzip/",
                                "200 OK",
                                "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
                                Reading.gzip(Reading.utf8(page("Zipped text."))))));
        assertThat(Reading.of(SourceKind.WARC, file).texts()).containsExactly("Chunked text.", "Zipped text.");
    }

    @Test
    void theCharsetOfTheHeaderIsUsed() {
        String text = "\u041F\u0440\u0438\u0432\u0435\u0442, \u043C\u0438\u0440.";
        Path file = file(
                "c.warc.gz",
                serialized(
                        WarcCompression.GZIP,
                        response(
                                "http://ru/",
                                "200 OK",
                                "Content-Type: text/html; charset=windows-1251\r\n",
                                page(text).getBytes(java.nio.charset.Charset.forName("windows-1251")))));
        assertThat(Reading.of(SourceKind.WARC, file).texts()).containsExactly(text);
    }

    @Test
    void plainTextConversionsAreDocuments() {
        WarcRecord wet = new WarcConversion.Builder()
                .date(DATE)
                .setHeader("WARC-Target-URI", "http://wet/")
                .body(MediaType.parse("text/plain"), Reading.utf8("Converted text."))
                .build();
        Reading reading = Reading.of(SourceKind.WARC, file("d.wet.gz", serialized(WarcCompression.GZIP, wet)));
        assertThat(reading.texts()).containsExactly("Converted text.");
        assertThat(reading.locations()).containsExactly("http://wet/");
    }

    @Test
    void aTruncatedFileGivesWhatCameBefore() {
        for (WarcCompression compression : List.of(WarcCompression.GZIP, WarcCompression.NONE)) {
            List<byte[]> parts = serialized(compression, ok("http://a/", "First."), ok("http://b/", "Second."));
            byte[] cut = Arrays.copyOf(parts.get(1), parts.get(1).length - 60);
            Reading reading = Reading.of(SourceKind.WARC, file("e.warc", List.of(parts.get(0), cut)));
            assertThat(reading.texts()).containsExactly("First.");
            assertThat(reading.reasons()).containsExactly(RejectReason.TRUNCATED);
            assertThat(reading.rejected().get(0).position()).isEqualTo("byte " + parts.get(0).length);
        }
    }

    @Test
    void aDamagedRecordCostsItself() {
        List<byte[]> parts = serialized(
                WarcCompression.GZIP, ok("http://a/", "First."), ok("http://b/", "Second."), ok("http://c/", "Third."));
        byte[] damaged = parts.get(1).clone();
        Arrays.fill(damaged, 40, 120, (byte) 0xAA);
        Reading reading = Reading.of(SourceKind.WARC, file("f.warc.gz", List.of(parts.get(0), damaged, parts.get(2))));
        assertThat(reading.texts()).containsExactly("First.", "Third.");
        assertThat(reading.rejected()).hasSize(1);
        assertThat(reading.rejected().get(0).position()).isEqualTo("byte " + parts.get(0).length);
    }

    @Test
    void aBrokenHeaderInAPlainFileCostsItself() {
        List<byte[]> parts = serialized(
                WarcCompression.NONE, ok("http://a/", "First."), ok("http://b/", "Second."), ok("http://c/", "Third."));
        byte[] damaged = new String(parts.get(1), StandardCharsets.ISO_8859_1)
                .replaceFirst("Content-Length: [0-9]+", "Content-Length: many")
                .getBytes(StandardCharsets.ISO_8859_1);
        Reading reading = Reading.of(SourceKind.WARC, file("g.warc", List.of(parts.get(0), damaged, parts.get(2))));
        assertThat(reading.texts()).containsExactly("First.", "Third.");
        assertThat(reading.reasons()).containsExactly(RejectReason.MALFORMED_RECORD);
    }

    @Test
    void aPageAboveTheCapCostsItself() {
        Path file = file(
                "h.warc.gz",
                serialized(WarcCompression.GZIP, ok("http://a/", "x".repeat(100_000)), ok("http://b/", "Second.")));
        Reading reading = Reading.of(Reading.source(SourceKind.WARC, Reading.maxDocumentBytes(1000)), file);
        assertThat(reading.texts()).containsExactly("Second.");
        assertThat(reading.reasons()).containsExactly(RejectReason.TOO_LARGE);
        assertThat(reading.rejected().get(0).position()).isEqualTo("byte 0 http://a/");
    }

    @Test
    void whatIsNoWarcIsReported() {
        Path file = Reading.write(folder.resolve("i.warc"), Reading.utf8("<html>not a warc</html>\n".repeat(100)));
        Reading reading = Reading.of(SourceKind.WARC, file);
        assertThat(reading.documents()).isEmpty();
        assertThat(reading.reasons()).containsExactly(RejectReason.MALFORMED_RECORD);
    }
}
