package io.peregrine.rewrite.calls;

import java.io.Serializable;

/**
 * Where a key is found.
 *
 * @param kind what {@code name} names
 * @param name an environment variable, or a file; empty for none
 */
public record KeySource(Kind kind, String name) implements Serializable {
    /** What holds the key. */
    public enum Kind {
        /** The server asks for no key. */
        NONE,
        /** A variable of the environment of each executor. */
        ENVIRONMENT,
        /** A file that each executor can read. */
        FILE
    }

    public KeySource {
        if (name.isBlank() != (kind == Kind.NONE)) {
            throw new IllegalArgumentException("a key from %s named '%s'".formatted(kind, name));
        }
    }

    /** For a server that asks for no key. */
    public static KeySource none() {
        return new KeySource(Kind.NONE, "");
    }
}
