package io.peregrine.data.sources;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where in a JSON object the texts of a field stand: {@code text}, {@code prompt.text} inside an object, or {@code
 * conversations[].value} in every element of a list.
 *
 * <p>A key that itself holds dots or brackets is found under its whole name first.
 *
 * @param name the path as the run file has it
 */
record FieldPath(String name) {
    private static final String EACH = "[]";

    /** The texts in order; none if the path leads nowhere, or to something else than text. */
    Optional<List<String>> texts(JsonNode object) {
        JsonNode whole = object.path(name);
        if (whole.isTextual()) {
            return Optional.of(List.of(whole.textValue()));
        }
        List<JsonNode> nodes = List.of(object);
        for (String step : name.split("\\.", -1)) {
            nodes = after(step, nodes);
        }
        return nodes.stream().allMatch(JsonNode::isTextual)
                ? Optional.of(nodes.stream().map(JsonNode::textValue).toList())
                : Optional.empty();
    }

    /** What a step leads to from each node; a step that leads nowhere gives Jackson's missing node. */
    private static List<JsonNode> after(String step, List<JsonNode> nodes) {
        boolean each = step.endsWith(EACH);
        String key = each ? step.substring(0, step.length() - EACH.length()) : step;
        List<JsonNode> next = new ArrayList<>();
        for (JsonNode node : nodes) {
            JsonNode value = node.path(key);
            if (each && value.isArray()) {
                value.forEach(next::add);
            } else {
                next.add(each ? value.path(EACH) : value);
            }
        }
        return next;
    }
}
