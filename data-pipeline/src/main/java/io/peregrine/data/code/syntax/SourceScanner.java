package io.peregrine.data.code.syntax;

import io.peregrine.data.code.syntax.Syntax.Check;
import io.peregrine.data.code.syntax.Syntax.Place;
import java.util.Arrays;

/**
 * Tells comments, literals and code apart, and counts what no text of the language can contain.
 *
 * <p>This is a lexer driven by a table, not a parser. It knows comments, literals (with code inside them where a language
 * has that), brackets, the alternatives of a preprocessor and Python's indentation. What it counts as an error: a bracket
 * that nothing opened or that closes another kind; one that is never closed; a literal or comment without an end; in
 * Python an indentation that fits no block. What it cannot see: everything about words. A text without errors need not
 * compile; one with errors may, where macros or markup (JSX) leave the lexical grammar.
 *
 * <p>Each character is looked at a bounded number of times; memory is a few bytes a character.
 *
 * <p>Thread: one at a time; buffers are used again and again.
 */
public final class SourceScanner {
    /** Code, and white space between. */
    public static final byte CODE = 0;
    /** A comment with its markers; in Python also a string that is a statement. */
    public static final byte COMMENT = 1;
    /** A literal with its quotes. */
    public static final byte STRING = 2;

    private static final int LINE_COMMENT = 1;
    private static final int BLOCK_COMMENT = 1 << 1;
    private static final int LITERAL = 1 << 2;
    private static final int BRACKET = 1 << 3;
    private static final int OTHER = 1 << 4;

    private final byte[] starts = new byte[128];
    private char[] text = {};
    private byte[] kinds = {};
    private int length;
    private Syntax syntax = Syntax.NONE;
    private final Literals literals = new Literals();
    private final Brackets brackets = new Brackets();
    private final Indentation indentation = new Indentation();
    private long errors;
    private boolean literalsCount;
    private char lastCode;
    private int lastCodeAt;
    private int lineStart;
    private boolean lineHasCode;
    private boolean outside;

    /**
     * Scans a text.
     *
     * @param text the source
     * @param language the language to scan it as
     */
    public void scan(String text, CodeLanguage language) {
        begin(text, language.syntax());
        boolean python = syntax.check() == Check.PYTHON;
        int at = 0;
        while (at < length) {
            char c = this.text[at];
            if (c == '\n') {
                at = newLine(at, python);
            } else if (c >= 128 || starts[c] == 0) {
                code(at, c, python);
                at++;
            } else {
                at = special(at, c, python);
            }
        }
        finish(python);
    }

    /** Number of UTF-16 units of the text. */
    public int length() {
        return length;
    }

    /** What a UTF-16 unit belongs to. */
    public byte kind(int index) {
        return kinds[index];
    }

    /** The text's UTF-16 units. */
    public char unit(int index) {
        return text[index];
    }

    /** Number of places that no text of the language can contain, counted as the class says. */
    public long errors() {
        return errors;
    }

    private void begin(String source, Syntax table) {
        length = source.length();
        if (text.length < length) {
            int capacity = Math.max(length, 2 * text.length);
            text = new char[capacity];
            kinds = new byte[capacity];
        }
        source.getChars(0, length, text, 0);
        Arrays.fill(kinds, 0, length, CODE);
        if (syntax != table) {
            syntax = table;
            index();
        }
        errors = 0;
        literalsCount = syntax.check() == Check.BRACKETS || syntax.check() == Check.PYTHON;
        lastCode = 0;
        lastCodeAt = -1;
        lineStart = 0;
        lineHasCode = false;
        outside = syntax.php();
        brackets.clear();
        indentation.clear();
        literals.begin(text, length, syntax);
    }

    private void index() {
        Arrays.fill(starts, (byte) 0);
        syntax.lineComments().forEach(comment -> starts[comment.marker().charAt(0)] |= LINE_COMMENT);
        syntax.blockComments().forEach(comment -> starts[comment.open().charAt(0)] |= BLOCK_COMMENT);
        syntax.strings().forEach(style -> starts[style.open()] |= LITERAL);
        if (syntax.check() == Check.BRACKETS
                || syntax.check() == Check.PYTHON
                || !syntax.join().isEmpty()) {
            "()[]{}".chars().forEach(c -> starts[c] |= BRACKET);
        }
        if (syntax.preprocessor()) {
            starts['#'] |= OTHER;
        }
        if (syntax.php()) {
            starts['<'] |= OTHER;
            starts['?'] |= OTHER;
        }
        if (syntax.check() == Check.PYTHON) {
            starts['\\'] |= OTHER;
        }
    }

    private int newLine(int at, boolean python) {
        if (python && brackets.depth() == 0) {
            indentation.endLine(lineHasCode, lastCode);
        }
        lineHasCode = false;
        int next = literals.hereDocuments().skip(at + 1, this);
        lineStart = next;
        return next;
    }

    private void code(int at, char c, boolean python) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\uFEFF') {
            return;
        }
        if (!lineHasCode) {
            lineHasCode = true;
            if (python && brackets.depth() == 0) {
                errors += indentation.beginLine(text, lineStart, at);
            }
        }
        lastCode = c;
        lastCodeAt = at;
    }

    private int special(int at, char c, boolean python) {
        if (syntax.php()) {
            int next = php(at, c);
            if (next > at) {
                return next;
            }
        }
        if ((starts[c] & BLOCK_COMMENT) != 0) {
            int next = blockComment(at);
            if (next > at) {
                return next;
            }
        }
        if ((starts[c] & LINE_COMMENT) != 0 && lineComment(at)) {
            int next = endOfLine(at);
            mark(at, next, COMMENT);
            return next;
        }
        if (c == '#' && syntax.preprocessor() && !lineHasCode) {
            return directive(at);
        }
        if ((starts[c] & LITERAL) != 0) {
            int next = literals.literal(at, c, lastCode, lastCodeAt, lineStart);
            if (next > at) {
                return literal(at, next, python);
            }
        }
        code(at, c, python);
        if ((starts[c] & BRACKET) != 0) {
            return bracket(at, c);
        }
        if (c == '\\' && python && at + 1 < length) {
            return continuation(at);
        }
        return at + 1;
    }

    /** Python's backslash at the end of a line: the next line goes on. */
    private int continuation(int at) {
        int next = at + 1;
        if (next < length && text[next] == '\r') {
            next++;
        }
        return next < length && text[next] == '\n' ? next + 1 : at + 1;
    }

    private int literal(int at, int next, boolean python) {
        boolean statement = python && !lineHasCode && brackets.depth() == 0 && text[next - 1] != '\n';
        code(at, '"', python);
        mark(at, next, statement && endsStatement(next) ? COMMENT : STRING);
        lastCode = '"';
        lastCodeAt = next - 1;
        if (literalsCount && literals.broken()) {
            errors++;
        }
        if (literals.joined()) {
            brackets.push('}', literals.joinedStyle());
            lastCode = '{';
        }
        return next;
    }

    private boolean endsStatement(int at) {
        int next = at;
        while (next < length && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r')) {
            next++;
        }
        return next == length || text[next] == '\n' || text[next] == '#';
    }

    private int bracket(int at, char c) {
        switch (c) {
            case '(' -> brackets.push(')', Brackets.NO_STYLE);
            case '[' -> brackets.push(']', Brackets.NO_STYLE);
            case '{' -> brackets.push('}', Brackets.NO_STYLE);
            default -> {
                int style = brackets.style();
                errors += brackets.pop(c) || !literalsCount ? 0 : 1;
                if (style != Brackets.NO_STYLE) {
                    int next = literals.resume(at + 1, style);
                    return literal(at, next, false);
                }
            }
        }
        return at + 1;
    }

    private int blockComment(int at) {
        for (Syntax.BlockComment comment : syntax.blockComments()) {
            if (startsWith(at, comment.open()) && (comment.open().charAt(0) != '=' || at == lineStart)) {
                int end = endOfComment(at, comment);
                if (end < 0) {
                    errors += literalsCount ? 1 : 0;
                    end = length;
                }
                mark(at, end, COMMENT);
                return end;
            }
        }
        return at;
    }

    private int endOfComment(int at, Syntax.BlockComment comment) {
        int depth = 1;
        int next = at + comment.open().length();
        while (next < length) {
            if (startsWith(next, comment.close())) {
                next += comment.close().length();
                depth--;
                if (depth == 0) {
                    return next;
                }
            } else if (comment.nests() && startsWith(next, comment.open())) {
                next += comment.open().length();
                depth++;
            } else {
                next++;
            }
        }
        return -1;
    }

    private boolean lineComment(int at) {
        for (Syntax.LineComment comment : syntax.lineComments()) {
            if (startsWith(at, comment.marker()) && placed(at, comment.place())) {
                return !(syntax.php() && startsWith(at, "#["));
            }
        }
        return false;
    }

    private boolean placed(int at, Place place) {
        return switch (place) {
            case ANYWHERE -> true;
            case AFTER_SPACE -> at == lineStart || text[at - 1] <= ' ' || text[at - 1] == ';';
            case FIRST -> !lineHasCode;
        };
    }

    /** A line of the preprocessor: alternatives begin with the brackets that were open before the first of them. */
    private int directive(int at) {
        int word = at + 1;
        while (word < length && (text[word] == ' ' || text[word] == '\t')) {
            word++;
        }
        if (startsWith(word, "if")) {
            brackets.remember();
        } else if (startsWith(word, "el")) {
            brackets.goBack();
        } else if (startsWith(word, "endif")) {
            brackets.forget();
        } else if (startsWith(word, "define")) {
            return afterDefinition(word);
        }
        lineHasCode = true;
        boolean prose = startsWith(word, "error") || startsWith(word, "warning") || startsWith(word, "region");
        return prose || startsWith(word, "end") ? endOfLine(at) : at + 1;
    }

    /** A macro may hold half a bracket: its lines are passed over. */
    private int afterDefinition(int at) {
        int end = endOfLine(at);
        while (end < length && end > at && escapedEnd(end)) {
            end = endOfLine(end + 1);
        }
        return end;
    }

    private boolean escapedEnd(int end) {
        int last = text[end - 1] == '\r' ? end - 2 : end - 1;
        return last >= 0 && text[last] == '\\';
    }

    private int php(int at, char c) {
        if (outside) {
            outside = !(c == '<' && startsWith(at, "<?"));
            return outside ? at + 1 : at + 2;
        }
        if (c == '?' && startsWith(at, "?>")) {
            outside = true;
            return at + 2;
        }
        return at;
    }

    private void finish(boolean python) {
        if (python && brackets.depth() == 0) {
            indentation.endLine(lineHasCode, lastCode);
            errors += indentation.finish();
        }
        errors += literalsCount ? brackets.depth() : 0;
    }

    private int endOfLine(int at) {
        int end = at;
        while (end < length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean startsWith(int at, String prefix) {
        if (at + prefix.length() > length) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (text[at + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void mark(int from, int to, byte kind) {
        Arrays.fill(kinds, from, to, kind);
    }
}
