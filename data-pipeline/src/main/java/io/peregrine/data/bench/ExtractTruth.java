package io.peregrine.data.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the extract of a page should say. One JSON object a line, joined with its page by {@code id} (a WARC-Record-ID)
 * or else by {@code url}, and of one of three kinds:
 *
 * <ul>
 *   <li>{@code latex}: the page's LaTeX source; its formulas are looked for. If the object has {@code text} as well, that
 *       is the body of the source, and {@code latex} is read for its macros only.
 *   <li>{@code text}: the whole main text.
 *   <li>{@code with} and {@code without}: segments that belong to the main text, and that do not.
 * </ul>
 */
record ExtractTruth(Optional<String> text, List<String> wanted, List<String> unwanted, List<String> formulas) {
    ExtractTruth {
        wanted = List.copyOf(wanted);
        unwanted = List.copyOf(unwanted);
        formulas = List.copyOf(formulas);
    }

    /** The truth by id and by address of a page. */
    static Map<String, ExtractTruth> read(Path file) {
        Map<String, ExtractTruth> byKey = new HashMap<>();
        try {
            BenchJson.forEachLine(file, (line, object) -> {
                ExtractTruth truth = of(file, line, object);
                for (String key : List.of("id", "url")) {
                    if (object.path(key).isTextual()) {
                        byKey.put(object.path(key).textValue(), truth);
                    }
                }
            });
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
        return byKey;
    }

    private static ExtractTruth of(Path file, long line, JsonNode object) {
        if (object.path("latex").isTextual()) {
            String source = object.path("latex").textValue();
            String body = object.path("text").asText(source);
            return new ExtractTruth(Optional.empty(), List.of(), List.of(), LatexFormulas.of(body, source));
        }
        if (object.path("text").isTextual()) {
            return new ExtractTruth(Optional.of(object.path("text").textValue()), List.of(), List.of(), List.of());
        }
        if (object.path("with").isArray() && object.path("without").isArray()) {
            return new ExtractTruth(
                    Optional.empty(), strings(object.path("with")), strings(object.path("without")), List.of());
        }
        throw new DataException(
                "%s, line %d: must have 'latex', 'text', or both 'with' and 'without'".formatted(file, line));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(entry -> strings.add(entry.asText()));
        return strings;
    }
}
