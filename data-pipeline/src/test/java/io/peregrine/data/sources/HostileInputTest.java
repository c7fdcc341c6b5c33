package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inputs made to hurt: each costs itself, in bounded time and memory, and its neighbours are kept. */
@Timeout(60)
class HostileInputTest {
    private static final String BEFORE = "{\"text\": \"before\"}\n";
    private static final String AFTER = "\n{\"text\": \"after\"}\n";

    /** Words enough for a detector: the same plain sentence, several times over. */
    private static final Map<String, String> SAMPLES = Map.of(
            "windows-1252",
            "Der B\u00E4cker \u00F6ffnet fr\u00FCh, und die K\u00E4ufer w\u00FCnschen sich s\u00FC\u00DFe Br\u00F6tchen. ",
            "Shift_JIS",
            "\u4ECA\u65E5\u306F\u5929\u6C17\u304C\u3068\u3066\u3082\u3088\u3044\u306E\u3067\u3001\u516C\u5712\u3092\u6563\u6B69\u3057\u307E\u3057\u305F\u3002",
            "GBK",
            "\u4ECA\u5929\u5929\u6C14\u5F88\u597D\uFF0C\u6211\u4EEC\u53BB\u516C\u56ED\u6563\u6B65\uFF0C\u4E00\u8D77\u770B\u82B1\u548C\u6811\u3002",
            "EUC-KR",
            "\uC624\uB298\uC740 \uB0A0\uC528\uAC00 \uB9E4\uC6B0 \uC88B\uC544\uC11C \uACF5\uC6D0\uC5D0\uC11C \uC0B0\uCC45\uC744 \uD588\uC2B5\uB2C8\uB2E4. ",
            "KOI8-R",
            "\u0421\u0435\u0433\u043E\u0434\u043D\u044F \u0445\u043E\u0440\u043E\u0448\u0430\u044F \u043F\u043E\u0433\u043E\u0434\u0430, \u0438 \u043C\u044B \u0433\u0443\u043B\u044F\u043B\u0438 \u0432 \u043F\u0430\u0440\u043A\u0435. ");

    @TempDir
    Path folder;

    private Reading lines(byte[] bytes) {
        return Reading.of(SourceKind.JSONL, Reading.write(folder.resolve("x.jsonl"), bytes));
    }

    private Reading lines(String line) {
        return lines(Reading.utf8(BEFORE + line + AFTER));
    }

    private static void assertOnlyItIsLost(Reading reading, RejectReason reason) {
        assertThat(reading.texts()).containsExactly("before", "after");
        assertThat(reading.reasons()).containsExactly(reason);
        assertThat(reading.rejected().get(0).position()).isEqualTo("byte " + BEFORE.length());
    }

    @Test
    void deepJsonIsRefusedNotRecursedInto() {
        assertOnlyItIsLost(lines("{\"text\": " + "[".repeat(100_000)), RejectReason.MALFORMED_JSON);
        assertOnlyItIsLost(
                lines("{\"a\": " + "{\"a\": ".repeat(100_000) + "1" + "}".repeat(100_001)),
                RejectReason.MALFORMED_JSON);
    }

    @Test
    void aLineOfTenMegabytesIsADocument() {
        Reading reading = lines("{\"text\": \"" + "x".repeat(10 << 20) + "\"}");
        assertThat(reading.texts()).extracting(String::length).containsExactly(6, 10 << 20, 5);
        assertOnlyItIsLost(lines("x".repeat(10 << 20)), RejectReason.MALFORMED_JSON);
        assertOnlyItIsLost(lines("{\"n\": " + "9".repeat(10 << 20) + "}"), RejectReason.MALFORMED_JSON);
    }

    @Test
    void aDocumentOfAHundredMegabytesIsPassedOver() throws IOException {
        Path file = folder.resolve("huge.jsonl");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(Reading.utf8(BEFORE));
            byte[] chunk = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 100; i++) {
                out.write(chunk);
            }
            out.write(Reading.utf8(AFTER));
        }
        assertOnlyItIsLost(Reading.of(SourceKind.JSONL, file), RejectReason.TOO_LARGE);
        assertThat(Reading.of(SourceKind.TEXT, file).reasons()).containsExactly(RejectReason.TOO_LARGE);
    }

    @Test
    void oddCharactersStayOrAreReplaced() {
        assertThat(lines("{\"text\": \"nul \\u0000 here, lone \\udc00 \\ud800\"}")
                        .texts())
                .containsExactly("before", "nul \u0000 here, lone \uFFFD \uFFFD", "after");
        assertOnlyItIsLost(lines("\u0000\u0000"), RejectReason.MALFORMED_JSON);
        byte[] invalid = Reading.concat(
                Reading.utf8(BEFORE + "{\"text\": \""),
                new byte[] {(byte) 0xC0, (byte) 0x80},
                Reading.utf8("\"}" + AFTER));
        assertOnlyItIsLost(lines(invalid), RejectReason.MALFORMED_UTF8);
    }

    @Test
    void whatFollowsAGzipMemberIsReadOrReported() {
        byte[] one = Reading.gzip(Reading.utf8("{\"text\": \"one\"}\n"));
        Reading garbage = lines(Reading.concat(one, one, Reading.utf8("garbage behind the last member")));
        assertThat(garbage.texts()).containsExactly("one", "one");
        assertThat(garbage.reasons()).containsExactly(RejectReason.DAMAGED);
    }

    @Test
    void aZipOfZipsStaysClosed() {
        byte[] bomb = Reading.zip(Map.of("zeros.java", new byte[100 << 20]));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("inner.zip", bomb);
        entries.put("inner.tar.zst", bomb);
        entries.put("A.java", Reading.utf8("class A {}"));
        Reading reading =
                Reading.of(SourceKind.CODE_ARCHIVE, Reading.write(folder.resolve("o.zip"), Reading.zip(entries)));
        assertThat(reading.texts()).containsExactly("class A {}");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.NESTED_ARCHIVE, 2));
        Reading open = Reading.of(SourceKind.CODE_ARCHIVE, Reading.write(folder.resolve("b.zip"), bomb));
        assertThat(open.documents()).isEmpty();
        assertThat(open.rejected()).hasSize(1);
    }

    @Test
    void deepHtmlIsReadOrRejected() {
        String page = "<html><body>" + "<div>".repeat(100_000) + "<p>The text at the very bottom of it.</p>";
        Path file = Reading.write(folder.resolve("deep.html"), Reading.utf8(page));
        Reading reading = Reading.of(SourceKind.HTML, file);
        assertThat(reading.documents().size() + reading.rejected().size()).isEqualTo(1);
    }

    private Reading page(String name, byte[] bytes) {
        return Reading.of(SourceKind.HTML, Reading.write(folder.resolve(name), bytes));
    }

    @Test
    void charsetsAreFoundByMetaAndByDetection() {
        SAMPLES.forEach((charset, sentence) -> {
            String text = sentence.repeat(12).strip();
            for (String meta : new String[] {"<meta charset=" + charset + ">", "", "<meta charset=utf-8>"}) {
                byte[] bytes = ("<html><head>" + meta + "</head><body><main><p>" + text + "</p></main></body></html>")
                        .getBytes(Charset.forName(charset));
                assertThat(page("p.html", bytes).texts()).as(charset + meta).containsExactly(text);
            }
        });
    }

    @Test
    void utf16WithAMarkIsRead() {
        String html = "<html><body><main><p>Gr\u00FC\u00DFe an alle, die das lesen.</p></main></body></html>";
        for (Charset charset : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            assertThat(page("u.html", ("\uFEFF" + html).getBytes(charset)).texts())
                    .containsExactly("Gr\u00FC\u00DFe an alle, die das lesen.");
            Path text = Reading.write(folder.resolve("t.txt"), ("\uFEFF" + "ab\u00FC").getBytes(charset));
            assertThat(Reading.of(SourceKind.TEXT, text).texts()).containsExactly("ab\u00FC");
            // Without a mark it has the zero bytes of a binary file.
            Path bare = Reading.write(folder.resolve("b.txt"), "ab\u00FC".getBytes(charset));
            assertThat(Reading.of(SourceKind.TEXT, bare).skipped()).isEqualTo(Map.of(SkipReason.BINARY, 1));
        }
    }
}
