package io.peregrine.rewrite.calls;

import java.util.Locale;

/** Which of a server's operations is asked. Answers of the two differ, so it is part of a request's key. */
public enum EndpointClass {
    /** {@code POST chat/completions}: a system message, if any, and a user message. */
    CHAT,
    /** {@code POST completions}: both messages as one text, for models without a chat template. */
    COMPLETIONS;

    /** As settings and keys spell it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
