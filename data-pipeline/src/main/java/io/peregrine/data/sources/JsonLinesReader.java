package io.peregrine.data.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.Document;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * One JSON object a line, plain or gzip.
 *
 * <p>A document's location is the object's {@code url}, {@code path} or {@code id}, the first that it has, or else its
 * line; its language is the object's {@code lang} or {@code language}.
 */
final class JsonLinesReader extends SourceReader {
    private static final List<String> LOCATION_FIELDS = List.of("url", "path", "id");
    private static final List<String> LANGUAGE_FIELDS = List.of("lang", "language");

    private final ObjectReader json;
    private Optional<ByteLines> lines = Optional.empty();
    private Optional<InputStream> file = Optional.empty();

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
        if (lines.isEmpty()) {
            InputStream raw = new BufferedInputStream(scope.file().open(), BoundedBytes.SEGMENT_BYTES);
            file = Optional.of(raw);
            lines = Optional.of(new ByteLines(inflated(raw), scope.limits().maxDocumentBytes()));
        }
        ByteLines cursor = lines.get();
        while (cursor.next()) {
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
        return Optional.empty();
    }

    private InputStream inflated(InputStream raw) throws IOException {
        raw.mark(2);
        boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        if (!gzip) {
            return raw;
        }
        return new InflationBudget(scope.limits(), scope.file().bytes())
                .guard(new GZIPInputStream(raw, BoundedBytes.SEGMENT_BYTES));
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
            JsonNode value = object.path(field);
            if (!value.isTextual()) {
                return scope.rejected(
                        position(),
                        RejectReason.MISSING_FIELD,
                        "field '%s' is %s".formatted(field, value.isMissingNode() ? "missing" : "not text"));
            }
            text.append(text.isEmpty() ? "" : "\n\n").append(value.textValue());
        }
        String location = firstText(object, LOCATION_FIELDS).orElseGet(this::position);
        if (scope.source().kind() == SourceKind.HTML_JSONL) {
            return PageFormat.page(scope, location, text.toString());
        }
        String language = firstText(object, LANGUAGE_FIELDS).orElse(Document.UNDETERMINED);
        return scope.document(location, language, text.toString());
    }

    private static Optional<String> firstText(JsonNode object, List<String> fields) {
        return fields.stream()
                .map(object::path)
                .filter(value -> value.isTextual() && !value.textValue().isBlank())
                .map(JsonNode::textValue)
                .findFirst();
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
        return "line " + lines.map(ByteLines::number).orElse(0L);
    }

    @Override
    void release() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
