package io.peregrine.data.sources;

import io.peregrine.data.Document;
import io.peregrine.data.extract.Charsets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcTargetRecord;

/**
 * Captured pages of a WARC file: HTML responses with status 200, and plain-text conversions (WET).
 *
 * <p>After a fault the reader looks for the next place where a record can begin, so a damaged record costs itself.
 */
final class WarcFileReader extends SourceReader {
    private Optional<WarcReader> warc = Optional.empty();
    private Optional<FileChannel> channel = Optional.empty();
    private long recordStart;
    /** Whether a fault has been reported since the last good record: a damaged stretch is one fault, not many. */
    private boolean afterFault;

    private boolean atEnd;

    WarcFileReader(ReadScope scope) {
        super(scope);
    }

    @Override
    Optional<SourceItem> advance() throws IOException {
        if (channel.isEmpty()) {
            channel = Optional.of(FileChannel.open(scope.file().path()));
        }
        while (!atEnd) {
            Optional<SourceItem> item;
            try {
                item = nextRecord();
            } catch (IOException e) {
                item = recover(Faults.reason(e), Faults.detail(e));
            }
            if (item.isPresent()) {
                return item;
            }
        }
        return Optional.empty();
    }

    private Optional<SourceItem> nextRecord() throws IOException {
        Optional<Capture> capture;
        try {
            if (warc.isEmpty()) {
                warc = Optional.of(new WarcReader(channel.orElseThrow()));
                warc.get().setLenient(true);
            }
            Optional<WarcRecord> next = warc.get().next();
            recordStart = warc.get().position();
            if (next.isEmpty()) {
                atEnd = true;
                return Optional.empty();
            }
            capture = capture(next.get());
        } catch (RuntimeException e) {
            // jwarc parses numbers, media types and dates of a hostile file without wrapping what they throw.
            return recover(RejectReason.MALFORMED_RECORD, e.toString());
        }
        afterFault = false;
        return Optional.of(capture.map(this::item).orElse(new SourceItem.Skipped(SkipReason.NOT_A_PAGE)));
    }

    /** What a record holds, if it is a page. */
    private Optional<Capture> capture(WarcRecord record) throws IOException {
        if (record instanceof WarcResponse response && isHttp(response)) {
            HttpResponse http = response.http();
            MediaType type = http.contentType();
            if (http.status() == 200 && isHtml(type)) {
                return Optional.of(new Capture(
                        target(response),
                        true,
                        Optional.ofNullable(type.parameters().get("charset")),
                        BoundedBytes.readAll(
                                        http.bodyDecoded().stream(),
                                        scope.limits().maxDocumentBytes())
                                .map(Payload::new)));
            }
        } else if (record instanceof WarcConversion conversion && isPlainText(conversion.contentType())) {
            return Optional.of(new Capture(
                    target(conversion),
                    false,
                    Optional.empty(),
                    BoundedBytes.readAll(
                                    conversion.body().stream(), scope.limits().maxDocumentBytes())
                            .map(Payload::new)));
        }
        return Optional.empty();
    }

    /** The captured address; a record without one is found by its place. */
    private String target(WarcTargetRecord record) {
        return Optional.ofNullable(record.target()).orElseGet(this::position);
    }

    private SourceItem item(Capture capture) {
        if (capture.payload.isEmpty()) {
            return scope.tooLarge(position() + " " + capture.target);
        }
        byte[] bytes = capture.payload.get().bytes;
        if (capture.html) {
            return PageFormat.page(scope, capture.target, bytes, capture.httpCharset);
        }
        return scope.document(capture.target, Document.UNDETERMINED, Charsets.decodeText(bytes));
    }

    /** Reports a fault once, and goes to where the next record can begin. */
    private Optional<SourceItem> recover(RejectReason reason, String detail) throws IOException {
        recordStart = Math.max(recordStart, warc.map(WarcReader::position).orElse(0L));
        SourceItem fault = scope.rejected(position(), reason, detail);
        boolean reported = afterFault;
        afterFault = true;
        Optional<Long> start = RecordStarts.after(channel.orElseThrow(), recordStart);
        if (start.isEmpty()) {
            atEnd = true;
        } else {
            recordStart = start.get();
            channel.orElseThrow().position(recordStart);
            warc = Optional.empty();
        }
        return reported ? Optional.empty() : Optional.of(fault);
    }

    private static boolean isHttp(WarcResponse response) {
        return response.contentType().base().equals(MediaType.HTTP);
    }

    private static boolean isHtml(MediaType type) {
        return type.base().equals(MediaType.HTML) || type.base().equals(MediaType.parse("application/xhtml+xml"));
    }

    private static boolean isPlainText(MediaType type) {
        return type.base().equals(MediaType.parse("text/plain"));
    }

    @Override
    String position() {
        return "byte " + recordStart;
    }

    @Override
    void release() throws IOException {
        if (warc.isPresent()) {
            warc.get().close();
        }
        if (channel.isPresent()) {
            channel.get().close();
        }
    }

    private record Capture(String target, boolean html, Optional<String> httpCharset, Optional<Payload> payload) {}

    private static final class Payload {
        private final byte[] bytes;

        Payload(byte[] bytes) {
            this.bytes = bytes;
        }
    }
}
