package io.peregrine.data.extract;

/**
 * A piece of a page that is read as one: a paragraph, a heading, an item, a row, a listing.
 *
 * @param kind what it is
 * @param level of a heading 1..6; of an item how many lists it is inside, from 1; otherwise 0
 * @param marker of an item what stands before it, such as {@code "- "} or {@code "2. "}; of code its language, if the page names it;
 *     otherwise empty
 * @param text the text; one line, but for {@link Kind#CODE} and for line breaks that the page asks for
 * @param chars visible characters
 * @param linkChars those of them that are links
 * @param group number of the outermost list or table that it belongs to; 0 for none
 * @param quoted whether it stands in a block quote
 */
record Block(Kind kind, int level, String marker, String text, int chars, int linkChars, int group, boolean quoted) {
    enum Kind {
        PARAGRAPH,
        HEADING,
        ITEM,
        /** A term of a definition list; {@link #DEFINITION} follows. */
        TERM,
        DEFINITION,
        ROW,
        CODE
    }

    double linkDensity() {
        return chars == 0 ? 0 : (double) linkChars / chars;
    }
}
