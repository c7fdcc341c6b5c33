package io.peregrine.data.dedup;

import com.fasterxml.jackson.annotation.JsonValue;

/** What decides which document of a cluster is kept. */
public enum KeepRule {
    /** The place of its source in {@code source-priority}. */
    SOURCE_RANK("source-rank"),
    /** The greatest value of {@code quality-column}. */
    QUALITY("quality"),
    /** The place of its licence in {@code licence-priority}. */
    LICENCE("licence");

    private final String key;

    KeepRule(String key) {
        this.key = key;
    }

    /** The name in a run file. */
    @JsonValue
    public String key() {
        return key;
    }
}
