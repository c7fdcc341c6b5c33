package io.peregrine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What a run did not leave, by the section of the page where it is missed. */
final class Notes {
    private final ArrayNode notes = JsonNodeFactory.instance.arrayNode();

    /** Says in a section what is not there and why. */
    void missing(String section, String text) {
        notes.addObject().put("section", section).put("text", text);
    }

    ArrayNode toJson() {
        return notes;
    }
}
