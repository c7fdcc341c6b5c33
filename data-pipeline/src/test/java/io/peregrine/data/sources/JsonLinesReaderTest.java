package io.peregrine.data.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesReaderTest {
    @TempDir
    Path folder;

    private Reading read(String lines) {
        return Reading.of(SourceKind.JSONL, Reading.write(folder.resolve("a.jsonl"), Reading.utf8(lines)));
    }

    @Test
    void aLineIsADocument() {
        Reading reading = read("""
                {"id": "7", "text": "one", "lang": "de", "score": 1.5}

                {"text": "two", "url": "http://x/y", "id": "8"}
                {"text": "three"}
                """);
        assertThat(reading.texts()).containsExactly("one", "two", "three");
        assertThat(reading.locations()).containsExactly("7", "http://x/y", "byte 104");
        assertThat(reading.documents().get(0).language()).isEqualTo("de");
        assertThat(reading.documents().get(2).language()).isEqualTo("und");
        assertThat(reading.documents().get(0).origin()).isEqualTo("a.jsonl");
        assertThat(reading.rejected()).isEmpty();
    }

    @Test
    void severalFieldsMakeOneText() {
        Path file = Reading.write(
                folder.resolve("qa.jsonl"),
                Reading.utf8("{\"question\": \"1+1?\", \"answer\": \"2\"}\n{\"answer\": \"3\"}"));
        Reading reading = Reading.of(Reading.withFields(SourceKind.JSONL, "question", "answer"), file);
        assertThat(reading.texts()).containsExactly("1+1?\n\n2");
        assertThat(reading.reasons()).containsExactly(RejectReason.MISSING_FIELD);
        assertThat(reading.rejected().get(0).position()).isEqualTo("byte 36");
        assertThat(reading.rejected().get(0).detail()).contains("'question'");
    }

    @Test
    void aBlankFieldLeavesNoTrace() {
        Path file = Reading.write(
                folder.resolve("alpaca.jsonl"),
                Reading.utf8("{\"instruction\": \"Add.\", \"input\": \"\", \"output\": \"2\"}\n"
                        + "{\"instruction\": \"\", \"input\": \" \", \"output\": \"\"}"));
        Reading reading = Reading.of(Reading.withFields(SourceKind.JSONL, "instruction", "input", "output"), file);
        assertThat(reading.texts()).containsExactly("Add.\n\n2");
        assertThat(reading.reasons()).containsExactly(RejectReason.NO_TEXT);
    }

    @Test
    void fieldsMayStandInsideObjectsAndLists() {
        Path file = Reading.write(folder.resolve("chat.jsonl"), Reading.utf8("""
                {"topic": {"name": "sums"}, "turns": [{"who": "a", "value": "1+1?"}, {"who": "b", "value": "2"}]}
                {"topic.name": "whole key", "turns": [{"value": "x"}]}
                {"topic": {"name": "no turns"}, "turns": []}
                {"topic": {"name": "one turn has none"}, "turns": [{"value": "x"}, {"who": "b"}]}
                {"topic": {"name": "no list"}, "turns": {"value": "x"}}
                {"topic": "no object", "turns": [{"value": "x"}]}
                {"topic": {"name": ["list"]}, "turns": [{"value": "x"}]}
                """));
        Reading reading = Reading.of(Reading.withFields(SourceKind.JSONL, "topic.name", "turns[].value"), file);
        assertThat(reading.texts()).containsExactly("sums\n\n1+1?\n\n2", "whole key\n\nx", "no turns");
        assertThat(reading.reasons()).hasSize(4).containsOnly(RejectReason.MISSING_FIELD);
        assertThat(reading.rejected().get(0).detail()).isEqualTo("field 'turns[].value' is missing or not text");
    }

    @Test
    void fieldsMayBePages() {
        Path file = Reading.write(
                folder.resolve("h.jsonl"),
                Reading.utf8(
                        "{\"url\": \"u\", \"html\": \"<html lang=fr><body><article><p>Bonjour tout le monde.</p></article></body></html>\"}"));
        Reading reading = Reading.of(SourceKind.HTML_JSONL, file);
        assertThat(reading.texts()).containsExactly("Bonjour tout le monde.");
        assertThat(reading.documents().get(0).language()).isEqualTo("fr");
    }

    @Test
    void aMalformedLineCostsItself() {
        Reading reading = read("""
                {"text": "one"}
                {"text": "cut
                ["text"]
                {"text": "two"} {"text": "more"}
                {"text": 5}
                {"text": "  "}
                {"text": "last"}""");
        assertThat(reading.texts()).containsExactly("one", "last");
        assertThat(reading.reasons())
                .containsExactly(
                        RejectReason.MALFORMED_JSON,
                        RejectReason.MALFORMED_JSON,
                        RejectReason.MALFORMED_JSON,
                        RejectReason.MISSING_FIELD,
                        RejectReason.NO_TEXT);
        assertThat(reading.rejected().get(1).position()).isEqualTo("byte 30");
        assertThat(reading.rejected().get(1).detail()).contains("not an object");
    }

    @Test
    void malformedUtf8RejectsItsLine() {
        byte[] bytes = Reading.utf8("{\"text\": \"gut\"}\n{\"text\": \"X\"}\n{\"text\": \"ok\"}\n");
        bytes[indexOf(bytes, 'X')] = (byte) 0xE9;
        Reading reading = Reading.of(SourceKind.JSONL, Reading.write(folder.resolve("b.jsonl"), bytes));
        assertThat(reading.texts()).containsExactly("gut", "ok");
        assertThat(reading.reasons()).containsExactly(RejectReason.MALFORMED_UTF8);
        assertThat(reading.rejected().get(0).position()).isEqualTo("byte 16");
    }

    private static int indexOf(byte[] bytes, char c) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        throw new AssertionError("no " + c);
    }

    @Test
    void unpairedSurrogatesAreReplaced() {
        Reading reading = read("{\"text\": \"a\\ud800b \\ude00\\ud83d\\ude00 c\\r\\nd\"}");
        assertThat(reading.texts()).containsExactly("a\uFFFDb \uFFFD\uD83D\uDE00 c\nd");
    }

    @Test
    void aTruncatedGzipGivesWhatCameBefore() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            lines.append("{\"text\": \"line number ").append(i).append("\"}\n");
        }
        byte[] whole = Reading.gzip(Reading.utf8(lines.toString()));
        Path file = Reading.write(folder.resolve("c.jsonl.gz"), Arrays.copyOf(whole, whole.length / 2));
        Reading reading = Reading.of(SourceKind.JSONL, file);
        assertThat(reading.documents()).hasSizeBetween(1000, 4000);
        assertThat(reading.texts().get(0)).isEqualTo("line number 0");
        assertThat(reading.reasons()).containsExactly(RejectReason.TRUNCATED);
        assertThat(reading.rejected().get(0).position())
                .isEqualTo("byte "
                        + reading.texts().stream()
                                .mapToInt(text -> text.length() + "{\"text\": \"\"}\n".length())
                                .sum());
    }

    @Test
    void gzipMembersFollowOneAnother() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Reading.gzip(Reading.utf8("{\"text\": \"one\"}\n")));
        bytes.writeBytes(Reading.gzip(Reading.utf8("{\"text\": \"two\"}\n")));
        Path file = Reading.write(folder.resolve("d.gz"), bytes.toByteArray());
        assertThat(Reading.of(SourceKind.JSONL, file).texts()).containsExactly("one", "two");
    }

    @Test
    void aDamagedGzipIsReported() {
        byte[] whole = Reading.gzip(Reading.utf8("{\"text\": \"one two three four five six seven\"}\n"));
        Arrays.fill(whole, 12, 30, (byte) 0x55);
        Path file = Reading.write(folder.resolve("e.gz"), whole);
        Reading reading = Reading.of(SourceKind.JSONL, file);
        assertThat(reading.documents()).isEmpty();
        assertThat(reading.reasons()).last().isEqualTo(RejectReason.DAMAGED);
    }

    @Test
    void aLineAboveTheCapCostsItself() {
        String lines = "{\"text\": \"one\"}\n{\"text\": \"" + "x".repeat(5000) + "\"}\n{\"text\": \"two\"}\n";
        Path file = Reading.write(folder.resolve("f.jsonl"), Reading.utf8(lines));
        Reading reading = Reading.of(Reading.source(SourceKind.JSONL, Reading.maxDocumentBytes(1000)), file);
        assertThat(reading.texts()).containsExactly("one", "two");
        assertThat(reading.reasons()).containsExactly(RejectReason.TOO_LARGE);
        assertThat(reading.rejected().get(0).detail()).isEqualTo("a line of 5012 bytes; max-document-bytes = 1000");
    }

    @Test
    void aGzipBombIsStopped() {
        byte[] bomb = Reading.gzip(new byte[40 << 20]);
        Path file = Reading.write(folder.resolve("g.gz"), bomb);
        Reading reading = Reading.of(SourceKind.JSONL, file);
        assertThat(reading.documents()).isEmpty();
        assertThat(reading.reasons()).containsExactly(RejectReason.INFLATION);
        assertThat(reading.rejected().get(0).detail()).contains("max-inflation-ratio = 250");
    }

    @Test
    void emptyAndMissingFilesAreReported() {
        Path empty = Reading.write(folder.resolve("h.jsonl"), new byte[0]);
        assertThat(Reading.of(SourceKind.JSONL, empty).reasons()).containsExactly(RejectReason.EMPTY_FILE);
        Path missing = folder.resolve("vanished.jsonl");
        assertThat(Reading.of(SourceKind.JSONL, missing).reasons()).containsExactly(RejectReason.UNREADABLE);
    }
}
