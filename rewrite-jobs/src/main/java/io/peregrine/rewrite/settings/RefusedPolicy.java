package io.peregrine.rewrite.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What stands in the place of an answer that a check refuses. It is in table {@code rejected} either way. */
public enum RefusedPolicy {
    /** Nothing: the document has no rewrite by this template and variant. */
    DROP,
    /** The segment's own text: of a document of several segments, the others stay rewritten. */
    KEEP_ORIGINAL;

    /** The name in settings. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
