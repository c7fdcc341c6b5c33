package io.peregrine.data.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import io.peregrine.data.DataException;
import io.peregrine.data.extract.Charsets;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** Reads the decoded pages of a WARC file, or of a file of JSON lines with {@code html} and {@code id} or {@code url}. */
final class BenchPages {
    private BenchPages() {}

    /**
     * @param id WARC-Record-ID or {@code id}; may be empty if there is an address
     * @param url captured address; may be empty if there is an id
     */
    record Page(String id, String url, String html) {}

    /** Hands over every page of a file, in order. A damaged file stops the run, for its score would mean nothing. */
    static void read(Path file, Consumer<Page> to) {
        try {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".warc") || name.endsWith(".warc.gz")) {
                readWarc(file, to);
            } else {
                BenchJson.forEachLine(file, (line, object) -> to.accept(page(file, line, object)));
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    private static void readWarc(Path file, Consumer<Page> to) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                WarcReader warc = new WarcReader(channel)) {
            for (Optional<WarcRecord> next = warc.next(); next.isPresent(); next = warc.next()) {
                if (next.get() instanceof WarcResponse response
                        && response.contentType().base().equals(MediaType.HTTP)) {
                    HttpResponse http = response.http();
                    Optional<String> charset =
                            Optional.ofNullable(http.contentType().parameters().get("charset"));
                    byte[] body = http.bodyDecoded().stream().readAllBytes();
                    String id = response.headers().first("WARC-Record-ID").orElse("");
                    to.accept(new Page(id, response.target(), Charsets.decodeHtml(body, charset)));
                }
            }
        }
    }

    private static Page page(Path file, long line, JsonNode object) {
        JsonNode html = object.path("html");
        String id = object.path("id").asText("");
        String url = object.path("url").asText("");
        if (!html.isTextual() || (id.isEmpty() && url.isEmpty())) {
            throw new DataException(
                    "%s, line %d: must have 'html' and 'id' or 'url'; is this a file of pages?".formatted(file, line));
        }
        return new Page(id, url, html.textValue());
    }

    /** A file's bytes, inflated if they are gzip or Zstandard. */
    static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        raw.mark(4);
        int first = raw.read();
        int second = raw.read();
        raw.reset();
        if (first == 0x1f && second == 0x8b) {
            return new GZIPInputStream(raw, 1 << 16);
        }
        return first == 0x28 && second == 0xb5 ? new ZstdInputStream(raw) : raw;
    }
}
