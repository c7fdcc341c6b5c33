package io.peregrine.data.rules;

import java.util.regex.Pattern;

/**
 * Something that is measured of a document: the name is the column that holds the values.
 *
 * @param name lower-case letters, digits and underscores, its family first: {@code gopher_words}
 * @param unit of the values: words, characters, 0..1, per word, ...
 * @param doc one sentence: what is counted, over what
 */
public record Signal(String name, String unit, String doc) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");

    public Signal {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("signal '%s': must be words joined by underscores".formatted(name));
        }
        if (unit.isBlank() || doc.isBlank()) {
            throw new IllegalArgumentException("signal '%s': must have a unit and a doc".formatted(name));
        }
    }
}
