package io.peregrine.data.code.syntax;

import java.util.Objects;

/**
 * A language or format of source trees.
 *
 * <p>Two are equal if their names are; the names are the values of {@code Document.language()} for code.
 */
public final class CodeLanguage {
    /** What a language is for; decides which limits make sense. */
    public enum Kind {
        /** Programs, build files, schemas. */
        CODE,
        /** Structure around text: HTML, XML, templates. */
        MARKUP,
        /** Values without logic: JSON, CSV, settings. */
        DATA,
        /** Text for people: Markdown, LaTeX, licences. */
        PROSE
    }

    private final String name;
    private final Kind kind;
    private final Syntax syntax;

    CodeLanguage(String name, Kind kind, Syntax syntax) {
        this.name = name;
        this.kind = kind;
        this.syntax = syntax;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    Syntax syntax() {
        return syntax;
    }

    /** Whether comments of the language can be told from its code. */
    public boolean hasComments() {
        return syntax.hasComments();
    }

    /**
     * A one-line comment of the language.
     *
     * @param words without line ends
     * @return the comment with its markers; in a language without comments {@code # } before the words
     */
    public String comment(String words) {
        for (Syntax.LineComment line : syntax.lineComments()) {
            if (!line.marker().equals("#!")) {
                return line.marker().strip() + " " + words;
            }
        }
        for (Syntax.BlockComment block : syntax.blockComments()) {
            if (!block.open().startsWith("=")) {
                return block.open() + " " + words.replace(block.close(), "") + " " + block.close();
            }
        }
        return "# " + words;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeLanguage language && language.name.equals(name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
