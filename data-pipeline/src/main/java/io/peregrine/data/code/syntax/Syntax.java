package io.peregrine.data.code.syntax;

import java.util.List;

/**
 * What a lexer has to know of a language to tell comments and literals from code.
 *
 * @param lineComments markers of comments that go to the end of the line
 * @param blockComments comments with an end of their own
 * @param strings styles of literals, first match wins
 * @param join what opens code inside a literal, such as <code>${</code>; empty where nothing does
 * @param preprocessor whether lines {@code #if ... #endif} choose between alternatives
 * @param php whether only what is between {@code <?} and {@code ?>} is code
 * @param check what can be said about well-formedness without a parser
 */
record Syntax(
        List<LineComment> lineComments,
        List<BlockComment> blockComments,
        List<StringStyle> strings,
        String join,
        boolean preprocessor,
        boolean php,
        Check check) {
    static final Syntax NONE = new Syntax(List.of(), List.of(), List.of(), "", false, false, Check.NONE);

    /** Which checks a text of the language can be held to. */
    enum Check {
        NONE,
        BRACKETS,
        PYTHON,
        JSON,
        JSON_COMMENTS,
        JSON_LINES,
        XML
    }

    /** Where on a line a marker of a comment counts. */
    enum Place {
        ANYWHERE,
        AFTER_SPACE,
        FIRST
    }

    /** A marker of a comment that goes to the end of the line. */
    record LineComment(String marker, Place place) {}

    /** A comment with an end of its own. */
    record BlockComment(String open, String close, boolean nests) {}

    Syntax {
        lineComments = List.copyOf(lineComments);
        blockComments = List.copyOf(blockComments);
        strings = List.copyOf(strings);
    }

    /** Whether the language has comments at all, as far as the table knows. */
    boolean hasComments() {
        return !lineComments.isEmpty() || !blockComments.isEmpty();
    }
}
