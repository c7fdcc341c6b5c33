package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveReaderTest {
    private static final SourceLimits DEFAULTS = SourceLimits.DEFAULTS;

    @TempDir
    Path folder;

    private Path archive(Object... namesAndContents) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            Object content = namesAndContents[i + 1];
            entries.put(
                    (String) namesAndContents[i],
                    content instanceof byte[] bytes ? bytes : Reading.utf8((String) content));
        }
        return Reading.write(folder.resolve("a.jar"), Reading.zip(entries));
    }

    private static String page(String text) {
        return "<html><body><main><p>" + text + "</p></main></body></html>";
    }

    @Test
    void pagesOfAnArchive() {
        Path file = archive("x/", "", "x/one.html", page("One."), "style.css", "p {}", "two.htm", page("Two."));
        Reading reading = Reading.of(SourceKind.HTML_ARCHIVE, file);
        assertThat(reading.texts()).containsExactly("One.", "Two.");
        assertThat(reading.locations()).containsExactly("x/one.html", "two.htm");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.OTHER_FORMAT, 1));
    }

    @Test
    void sourceFilesOfAnArchiveKeepPathAndLanguage() {
        Path file = archive(
                "src/A.java",
                "class A {}\r\n",
                "src/b.KT",
                "val b = 1",
                "src/Makefile",
                "all:\n",
                "logo.png",
                new byte[9],
                "bin.java",
                new byte[] {'a', 0, 'b'},
                "LICENSE",
                "free");
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, file);
        assertThat(reading.locations()).containsExactly("src/A.java", "src/b.KT", "src/Makefile");
        assertThat(reading.documents()).extracting("language").containsExactly("java", "kotlin", "makefile");
        assertThat(reading.texts().get(0)).isEqualTo("class A {}\n");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.OTHER_FORMAT, 2, SkipReason.BINARY, 1));
    }

    @Test
    void sourceInAnOldCharsetIsDecoded() {
        String text = "// Gr\u00FC\u00DFe aus M\u00FCnchen, sch\u00F6ne \u00C4pfel f\u00FCr alle\nclass A {}\n";
        Path file = archive("A.java", text.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Reading.of(SourceKind.CODE_ARCHIVE, file).texts()).containsExactly(text);
    }

    @Test
    void excludedPathsAreCounted() {
        Path file = archive("a/class-use/X.html", page("Use."), "index.html", page("Index."), "a/X.html", page("X."));
        Reading reading =
                Reading.of(Reading.excluding(SourceKind.HTML_ARCHIVE, "**/class-use/*", "{**/,}index.html"), file);
        assertThat(reading.texts()).containsExactly("X.");
        assertThat(reading.documents().get(0).language()).isEqualTo("en");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.EXCLUDED, 2));
    }

    @Test
    void namesThatLeaveTheArchiveAreRejected() {
        Path file = archive(
                "../../etc/x.java",
                "a",
                "/abs.java",
                "b",
                "ok/../../y.java",
                "c",
                "C:\\z.java",
                "d",
                "nul\u0000.java",
                "e",
                "fine..java",
                "f");
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, file);
        assertThat(reading.texts()).containsExactly("f");
        assertThat(reading.reasons()).hasSize(5).containsOnly(RejectReason.UNSAFE_PATH);
        assertThat(reading.rejected().get(0).position()).isEqualTo("../../etc/x.java");
    }

    @Test
    void archivesInsideArchivesStayClosed() {
        byte[] inner = Reading.zip(Map.of("A.java", Reading.utf8("class A {}")));
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, archive("inner.zip", inner, "B.java", "class B {}"));
        assertThat(reading.texts()).containsExactly("class B {}");
        assertThat(reading.skipped()).isEqualTo(Map.of(SkipReason.NESTED_ARCHIVE, 1));
    }

    @Test
    void anEntryAboveTheCapCostsItself() {
        Path file = archive("A.java", "a".repeat(2000), "B.java", "class B {}");
        Reading reading = Reading.of(Reading.source(SourceKind.CODE_ARCHIVE, Reading.maxDocumentBytes(1999)), file);
        assertThat(reading.texts()).containsExactly("class B {}");
        assertThat(reading.reasons()).containsExactly(RejectReason.TOO_LARGE);
        assertThat(reading.rejected().get(0).position()).isEqualTo("A.java");
    }

    @Test
    void aBombIsStoppedByItsRatio() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            entries.put("f" + i + ".java", " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
        }
        Path file = Reading.write(folder.resolve("bomb.jar"), Reading.zip(entries));
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, file);
        assertThat(reading.reasons()).last().isEqualTo(RejectReason.INFLATION);
        assertThat(reading.rejected()).hasSizeLessThan(20);
    }

    @Test
    void theNumberOfEntriesIsBounded() {
        SourceLimits two = new SourceLimits(1000, 2, DEFAULTS.maxInflatedBytes(), DEFAULTS.maxInflationRatio(), 1);
        Path file = archive("A.java", "a", "B.java", "b", "C.java", "c", "D.java", "d");
        Reading reading = Reading.of(Reading.source(SourceKind.CODE_ARCHIVE, two), file);
        assertThat(reading.texts()).containsExactly("a", "b");
        assertThat(reading.reasons()).containsExactly(RejectReason.TOO_MANY_ENTRIES);
    }

    @Test
    void aDamagedEntryCostsItself() {
        byte[] bytes = Reading.zip(new LinkedHashMap<>(Map.of("A.java", Reading.utf8("class A { int a, b, c; }"))));
        int data = 30 + "A.java".length();
        Arrays.fill(bytes, data, data + 10, (byte) 0xFF);
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, Reading.write(folder.resolve("d.jar"), bytes));
        assertThat(reading.reasons()).containsExactly(RejectReason.DAMAGED);
        assertThat(reading.rejected().get(0).position()).isEqualTo("A.java");
    }

    @Test
    void aTruncatedArchiveGivesWhatCameBefore() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            entries.put("F" + i + ".java", Reading.utf8("class F" + i + " { int x = " + i * 31 + "; }"));
        }
        byte[] whole = Reading.zip(entries);
        Path file = Reading.write(folder.resolve("cut.jar"), Arrays.copyOf(whole, whole.length / 3));
        Reading reading = Reading.of(SourceKind.CODE_ARCHIVE, file);
        assertThat(reading.documents()).hasSizeBetween(15, 40);
        assertThat(reading.rejected().get(0).position()).isEqualTo("directory");
        assertThat(reading.reasons()).containsExactly(RejectReason.DAMAGED, RejectReason.TRUNCATED);
    }

    @Test
    void whatIsNoArchiveIsReported() {
        Path file = Reading.write(folder.resolve("no.jar"), Reading.utf8("<html>404 Not Found</html>"));
        Reading reading = Reading.of(SourceKind.HTML_ARCHIVE, file);
        assertThat(reading.documents()).isEmpty();
        assertThat(reading.reasons()).containsExactly(RejectReason.DAMAGED);
    }
}
