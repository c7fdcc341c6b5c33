package io.peregrine.data.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.DataException;
import io.peregrine.data.bench.BenchJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Texts in several languages, by JSON lines with {@code text}, {@code lang} and {@code key}, or an {@code id} that ends in one. */
final class ParallelTexts {
    private ParallelTexts() {}

    /** Takes one text. */
    interface Taker {
        void take(String key, String language, String text);
    }

    /**
     * Reads a file.
     *
     * @throws DataException if it cannot be read or a line lacks what it needs, naming the line
     */
    static void read(Path file, Taker taker) {
        try {
            BenchJson.forEachLine(file, (number, row) -> take(file, number, row, taker));
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such file".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void take(Path file, long number, JsonNode row, Taker taker) {
        String key = row.hasNonNull("key")
                ? row.get("key").asText()
                : keyOfId(row.path("id").asText());
        if (!row.hasNonNull("text") || !row.hasNonNull("lang") || key.isEmpty()) {
            throw new DataException("%s, line %d: must have text, lang, and a key or an id that ends in / or # and one"
                    .formatted(file, number));
        }
        taker.take(
                file.getFileName() + "/" + key,
                row.get("lang").asText(),
                row.get("text").asText());
    }

    private static String keyOfId(String id) {
        return id.substring(Math.max(id.lastIndexOf('/'), id.lastIndexOf('#')) + 1);
    }
}
