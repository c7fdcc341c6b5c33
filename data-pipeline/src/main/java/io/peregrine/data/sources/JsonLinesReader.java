package io.peregrine.data.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One JSON object a line, plain, gzip or zstd. {@link RecordColumns} says what its fields mean.
 *
 * <p>Positions are those of the line's first byte in the inflated text: unlike the number of a line they are known to a
 * reader that begins in the middle. A damaged zstd frame costs itself, and the line that it ends in the middle of, if
 * the frames behind it can be found; any other fault of compressed data ends the file.
 */
final class JsonLinesReader extends SourceReader {
    private final ObjectReader json;
    private Optional<ByteLines> lines = Optional.empty();
    private Optional<FileChannel> file = Optional.empty();
    private Optional<InputStream> inflated = Optional.empty();
    private Optional<ZstdText> frames = Optional.empty();
    private boolean partial;
    private boolean done;

    JsonLinesReader(ReadScope scope) {
        super(scope);
        // The line is bounded already; Jackson's own bound of 20 million characters must not cut in below it.
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxStringLength(scope.limits().maxDocumentBytes())
                .build();
        this.json = new JsonMapper(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .readerFor(JsonNode.class)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    Optional<SourceItem> advance() throws IOException {
        while (true) {
            try {
                return nextLine();
            } catch (IOException e) {
                if (e instanceof InflationBudget.ExceededException || frames.isEmpty()) {
                    throw e;
                }
                Optional<SourceItem> fault = leaveFrame(frames.get(), e);
                if (fault.isPresent() || done) {
                    return fault;
                }
            }
        }
    }

    private Optional<SourceItem> nextLine() throws IOException {
        if (lines.isEmpty()) {
            open();
        }
        if (partial) {
            // The line that the part begins inside of is the part's before.
            lines.orElseThrow().next();
            partial = false;
        }
        ByteLines cursor = lines.orElseThrow();
        while (!done && cursor.nextStart() <= scope.part().textEnd() && cursor.next()) {
            if (cursor.isTooLong()) {
                return Optional.of(scope.rejected(
                        position(),
                        RejectReason.TOO_LARGE,
                        "a line of %d bytes; max-document-bytes = %d"
                                .formatted(cursor.length(), scope.limits().maxDocumentBytes())));
            }
            byte[] bytes = cursor.bytes();
            if (!isBlank(bytes)) {
                return Optional.of(item(bytes));
            }
        }
        done = true;
        return Optional.empty();
    }

    private void open() throws IOException {
        FilePart part = scope.part();
        FileChannel opened = FileChannel.open(scope.file().path());
        file = Optional.of(opened);
        InflationBudget budget =
                new InflationBudget(scope.limits(), scope.file().bytes());
        ByteBuffer head = ByteBuffer.allocate(Compression.MAGIC_BYTES);
        opened.read(head, 0);
        InputStream text;
        if (Compression.of(Arrays.copyOf(head.array(), head.position())) == Compression.ZSTD) {
            ZstdText zstd = new ZstdText(opened, part.start(), part.textStart());
            frames = Optional.of(zstd);
            text = budget.guard(zstd);
        } else {
            opened.position(part.start());
            InputStream raw = new BufferedInputStream(Channels.newInputStream(opened), BoundedBytes.SEGMENT_BYTES);
            text = part.isFirst() ? Compression.inflated(raw, budget) : raw;
        }
        inflated = Optional.of(text);
        lines = Optional.of(new ByteLines(text, part.textStart(), scope.limits().maxDocumentBytes()));
        partial = !part.isFirst();
    }

    /** Reports a damaged frame, if it is of this part, and goes on with the one behind it. */
    private Optional<SourceItem> leaveFrame(ZstdText zstd, IOException e) throws IOException {
        SourceItem fault =
                scope.rejected("byte " + zstd.frameTextStart(), Faults.reason(e), Faults.detail(e) + " (zstd frame)");
        boolean own = zstd.frameStart() < scope.part().end();
        if (own && zstd.leaveFrame()) {
            lines = Optional.of(new ByteLines(
                    inflated.orElseThrow(), zstd.nextTextStart(), scope.limits().maxDocumentBytes()));
            partial = true;
        } else {
            done = true;
        }
        return own ? Optional.of(fault) : Optional.empty();
    }

    private SourceItem item(byte[] line) {
        String decoded;
        try {
            decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return scope.rejected(position(), RejectReason.MALFORMED_UTF8, "the line is not UTF-8: " + e.getMessage());
        }
        JsonNode object;
        try {
            object = json.readTree(decoded);
        } catch (JsonProcessingException e) {
            return scope.rejected(position(), RejectReason.MALFORMED_JSON, e.getOriginalMessage());
        }
        if (!object.isObject()) {
            return scope.rejected(
                    position(), RejectReason.MALFORMED_JSON, "the line is not an object but " + object.getNodeType());
        }
        StringBuilder text = new StringBuilder();
        for (String field : scope.source().textFields()) {
            Optional<List<String>> texts = new FieldPath(field).texts(object);
            if (texts.isEmpty()) {
                return scope.rejected(
                        position(), RejectReason.MISSING_FIELD, "field '%s' is missing or not text".formatted(field));
            }
            texts.get().forEach(part -> RecordItems.append(text, part));
        }
        return RecordItems.of(
                scope,
                position(),
                text.toString(),
                name -> Optional.ofNullable(object.path(name).textValue()));
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    String position() {
        return "byte " + lines.map(ByteLines::start).orElse(0L);
    }

    @Override
    void release() throws IOException {
        if (inflated.isPresent()) {
            inflated.get().close();
        }
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
