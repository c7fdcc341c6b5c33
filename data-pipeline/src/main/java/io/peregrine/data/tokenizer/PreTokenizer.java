package io.peregrine.data.tokenizer;

import java.util.List;

/**
 * Cuts a text into pre-tokens: pieces that no token ever crosses. At each place the first of these that fits:
 *
 * <ol>
 *   <li>a LaTeX command: a backslash and ASCII letters, so that {@code \frac} can become one token;
 *   <li>one number character, so that numbers are spelled digit by digit (arXiv:2507.22448, section on the tokenizer);
 *   <li>a run of letters and marks, with one space before it if there is one;
 *   <li>a run of line feeds and carriage returns;
 *   <li>a run of other white space;
 *   <li>any other single character: punctuation, symbols, controls.
 * </ol>
 *
 * <p>{@link #pattern} says the same as one regular expression, which goes into {@code tokenizer.json}. {@link #end} is that
 * expression by hand: one pass, no stack, no backtracking, so that a run of a hundred million letters costs no more than
 * other text. Its test holds the two against each other in Java and in the library that encodes.
 *
 * <p>Nothing looks behind, so a text may be cut at the end of any pre-token and the halves split as the whole did.
 */
public final class PreTokenizer {
    /** Longer pre-tokens, in bytes of UTF-8, teach the trainer nothing: hashes, base64, runs of one character. */
    public static final int TRAINING_BYTES_MAX = 256;

    private static final String PATTERN = buildPattern();

    private PreTokenizer() {}

    /**
     * The regular expression, in the syntax that Oniguruma, Rust, Java and JavaScript share: no escapes for code points,
     * no Unicode properties, every class spelled out in characters.
     */
    public static String pattern() {
        return PATTERN;
    }

    /**
     * Where the pre-token that begins at {@code start} ends.
     *
     * @param text any text; a lone surrogate counts as a single other character
     * @param start index of a pre-token's first character, less than the text's length
     * @return index after its last character, more than {@code start}
     */
    public static int end(CharSequence text, int start) {
        int first = Character.codePointAt(text, start);
        int next = start + Character.charCount(first);
        switch (CodePointClasses.of(first)) {
            case CodePointClasses.LETTER:
                return runEnd(text, next, CodePointClasses.LETTER);
            case CodePointClasses.NUMBER:
                return next;
            case CodePointClasses.NEWLINE:
                return runEnd(text, next, CodePointClasses.NEWLINE);
            case CodePointClasses.SPACE:
                if (first == ' ' && startsWith(text, next, CodePointClasses.LETTER)) {
                    return runEnd(text, next, CodePointClasses.LETTER);
                }
                return runEnd(text, next, CodePointClasses.SPACE);
            default:
                return first == '\\' ? asciiLettersEnd(text, next) : next;
        }
    }

    private static boolean startsWith(CharSequence text, int at, byte wanted) {
        return at < text.length() && CodePointClasses.of(Character.codePointAt(text, at)) == wanted;
    }

    private static int runEnd(CharSequence text, int from, byte wanted) {
        int at = from;
        while (at < text.length()) {
            int codePoint = Character.codePointAt(text, at);
            if (CodePointClasses.of(codePoint) != wanted) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    private static int asciiLettersEnd(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && isAsciiLetter(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String buildPattern() {
        String letters = ranges(CodePointClasses.letters());
        String numbers = ranges(CodePointClasses.numbers());
        String spaces = ranges(CodePointClasses.spaces());
        // The last one means any character: newlines never come that far.
        return "\\\\[A-Za-z]+|[" + numbers + "]| ?[" + letters + "]+|[\r\n]+|[" + spaces + "]+|[^\n]";
    }

    private static String ranges(List<CodePointClasses.Range> ranges) {
        StringBuilder text = new StringBuilder();
        for (CodePointClasses.Range range : ranges) {
            text.appendCodePoint(range.first());
            if (range.last() > range.first() + 1) {
                text.append('-');
            }
            if (range.last() > range.first()) {
                text.appendCodePoint(range.last());
            }
        }
        return text.toString();
    }
}
