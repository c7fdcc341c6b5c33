package io.peregrine.data.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.peregrine.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExtractBenchCommandTest {
    private static final String TEXT =
            "A paragraph that is surely long enough to be taken for the main text of any page.";

    @TempDir
    private Path folder;

    private String run(Object... arguments) {
        StringWriter out = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        List<Exception> faults = new ArrayList<>();
        int code = new CommandLine(new ExtractBenchCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((fault, command, result) -> {
                    faults.add(fault);
                    return 1;
                })
                .execute(words);
        if (code != 0 && faults.get(0) instanceof DataException fault) {
            throw fault;
        }
        assertThat(faults).isEmpty();
        return out.toString();
    }

    private Path file(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (name.endsWith(".zst")) {
            bytes = Zstd.compress(bytes);
        } else if (name.endsWith(".gz")) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bytes);
            }
            bytes = packed.toByteArray();
        }
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void segmentsOfAWarcAreScoredByRecordId() throws IOException {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + TEXT + "</p>";
        Path pages = file(
                "pages.warc.gz",
                "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:5b5bd1a4-4b8a-4a0e-bb0c-3a6f4a3d1f11>\r\n"
                        + "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: http://example.org/\r\n"
                        + "Content-Type: application/http;msgtype=response\r\nContent-Length: " + http.length()
                        + "\r\n\r\n" + http + "\r\n\r\n");
        Path truth = file("truth.jsonl", """
                {"id": "<urn:uuid:5b5bd1a4-4b8a-4a0e-bb0c-3a6f4a3d1f11>", "with": ["surely long", "gone"], "without": ["Imprint"]}
                """);
        assertThat(run("--pages", pages, "--truth", truth, "--rounds", 1, "--worst", 1))
                .contains("http://example.org/", "missing   gone", "pages        1 with a truth, 0 without")
                .contains("precision 1.0000  recall 0.5000", "(TP 1, FN 1, FP 0, TN 1)", "pages/s per thread");
    }

    @Test
    void textsAndFormulasOfJsonLinesAreScored() throws IOException {
        Path pages = file("pages.jsonl.zst", """
                {"id": "a", "html": "<p>%s</p>"}
                {"url": "http://b/", "html": "<p>%s <math alttext='x^2'><mi>y</mi></math> is all.</p>"}
                {"id": "c", "html": "<p>no truth</p>"}
                """.formatted(TEXT, TEXT));
        Path truth = file("truth.jsonl.gz", """
                {"id": "a", "text": "%s"}
                {"url": "http://b/", "latex": "\\\\newcommand{\\\\s}{x^2}", "text": "of $\\\\s$ and $z$"}
                """.formatted(TEXT));
        assertThat(run("--pages", pages, "--truth", truth, "--rounds", 1))
                .contains("pages        2 with a truth, 1 without")
                .contains("precision 1.0000  recall 1.0000  F1 1.0000  (all 1 pages together)")
                .contains("formulas     recall 0.5000  (1 of 2 on 1 pages; the extracts have 1)");
        assertThat(run("--pages", pages, "--truth", truth, "--rounds", 1, "--hide-latex"))
                .contains("recall 0.0000  (0 of 2");
    }

    @Test
    void aTruthOfOtherPagesIsAnError() throws IOException {
        Path pages = file("p.jsonl", "{\"id\": \"a\", \"html\": \"x\"}");
        Path truth = file("t.jsonl", "{\"id\": \"b\", \"text\": \"x\"}");
        assertThatThrownBy(() -> run("--pages", pages, "--truth", truth))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("must share their 'id' or 'url'");
        Path broken = file("broken.jsonl", "{\"id\": \"b\"}\n");
        assertThatThrownBy(() -> run("--pages", pages, "--truth", broken))
                .hasMessageContaining("broken.jsonl, line 1: must have 'latex', 'text', or both");
        assertThatThrownBy(() -> run("--pages", broken, "--truth", truth))
                .hasMessageContaining("broken.jsonl, line 1: must have 'html' and 'id' or 'url'");
        assertThatThrownBy(() -> run("--pages", file("x.jsonl", "[1]"), "--truth", truth))
                .hasMessageContaining("x.jsonl, line 1: must be a JSON object, is ARRAY");
    }
}
