package io.peregrine.data.code.syntax;

/**
 * Python's blocks. A tab goes to the next multiple of eight, and, as in CPython's tokenizer, the order of two
 * indentations must be the same when a tab is one column.
 *
 * @see <a href="https://docs.python.org/3/reference/lexical_analysis.html#indentation">Python reference, 2.1.8</a>
 */
final class Indentation {
    /** CPython refuses deeper ones. */
    private static final int DEPTH_MAX = 100;

    private final int[] columns = new int[DEPTH_MAX + 1];
    private final int[] characters = new int[DEPTH_MAX + 1];
    private int depth;
    private boolean opens;

    void clear() {
        depth = 0;
        columns[0] = 0;
        characters[0] = 0;
        opens = false;
    }

    /** The first code of a logical line; the number of errors in its indentation, 0 or 1. */
    int beginLine(char[] text, int lineStart, int at) {
        int column = 0;
        for (int i = lineStart; i < at; i++) {
            if (text[i] == '\t') {
                column = (column / 8 + 1) * 8;
            } else if (text[i] == '\f') {
                column = 0;
            } else if (text[i] == ' ') {
                column++;
            }
        }
        return place(column, at - lineStart);
    }

    private int place(int column, int character) {
        boolean expected = opens;
        opens = false;
        if (column > columns[depth]) {
            boolean consistent = character > characters[depth];
            if (depth < DEPTH_MAX) {
                depth++;
                columns[depth] = column;
                characters[depth] = character;
                return expected && consistent ? 0 : 1;
            }
            return 1;
        }
        while (depth > 0 && columns[depth] > column) {
            depth--;
        }
        boolean fits = columns[depth] == column && characters[depth] == character && !expected;
        columns[depth] = column;
        characters[depth] = character;
        return fits ? 0 : 1;
    }

    /** The end of a line outside brackets. */
    void endLine(boolean hadCode, char lastCode) {
        if (hadCode) {
            opens = lastCode == ':';
        }
    }

    /** The end of the text; the number of errors in it, 0 or 1. */
    int finish() {
        return opens ? 1 : 0;
    }
}
