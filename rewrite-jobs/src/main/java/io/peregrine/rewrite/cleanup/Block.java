package io.peregrine.rewrite.cleanup;

import java.util.List;

/**
 * A piece of a text between blank lines, or a heading, or a list item.
 *
 * @param kind what it is
 * @param lines its lines without line ends, at least one
 */
record Block(Kind kind, List<String> lines) {
    /** What a block is, which decides what may be done to it. */
    enum Kind {
        /** Code, a formula or a table: stands as it is. */
        VERBATIM,
        /** One line, {@code # heading}. */
        HEADING,
        /** One item, {@code - text}, with the lines that go on with it. */
        LIST_ITEM,
        /** Running text. */
        PARAGRAPH
    }

    Block {
        lines = List.copyOf(lines);
    }
}
