package io.peregrine.mixture;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which cap keeps a stream below the weight asked for. */
public enum CapReason {
    /** Its whole run would be longer than {@code max-epochs} of it. */
    MAX_EPOCHS("max-epochs"),

    /** It would come again before {@code window-tokens} have passed. */
    WINDOW("window-tokens");

    private final String key;

    CapReason(String key) {
        this.key = key;
    }

    /** The setting that caps. */
    @JsonValue
    public String key() {
        return key;
    }
}
