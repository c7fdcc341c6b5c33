package io.peregrine.data.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files of JSON lines, plain, gzip or Zstandard. */
public final class BenchJson {
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private BenchJson() {}

    /** Takes one object. */
    public interface LineConsumer {
        /** @param line from 1 */
        void accept(long line, JsonNode object);
    }

    /** Hands over every object of a file, in order; empty lines are passed over. */
    public static void forEachLine(Path file, LineConsumer to) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(BenchPages.open(file), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    to.accept(number, object(file, number, line));
                }
            }
        }
    }

    private static JsonNode object(Path file, long number, String line) {
        try {
            JsonNode object = JSON.readTree(line);
            if (object.isObject()) {
                return object;
            }
            throw new DataException(
                    "%s, line %d: must be a JSON object, is %s".formatted(file, number, object.getNodeType()));
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s, line %d: must be a JSON object: %s".formatted(file, number, e.getOriginalMessage()), e);
        }
    }
}
