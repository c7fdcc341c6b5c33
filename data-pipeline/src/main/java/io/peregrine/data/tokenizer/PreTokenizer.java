package io.peregrine.data.tokenizer;

import io.peregrine.data.tokenizer.SplitRules.Digits;
import io.peregrine.data.tokenizer.SplitRules.Punctuation;
import java.util.List;

/**
 * Cuts a text into pre-tokens: pieces that no token ever crosses. At each place the first of these that fits:
 *
 * <ol>
 *   <li>a LaTeX command, where {@link SplitRules} ask for it: a backslash and ASCII letters, so that {@code \frac} can
 *       become one token;
 *   <li>number characters: one, up to three, or a run with one space before it;
 *   <li>a run of letters and marks, with one space before it if there is one;
 *   <li>where punctuation goes in runs: the end of an English contraction such as {@code 's}, or a run of other characters,
 *       with one space before it if there is one;
 *   <li>a run of line feeds and carriage returns;
 *   <li>a run of other white space;
 *   <li>any other single character: punctuation, symbols, controls.
 * </ol>
 *
 * <p>{@link #pattern} says the same as one regular expression, which goes into {@code tokenizer.json}. {@link #end} is that
 * expression by hand: one pass, no stack, no backtracking, so that a run of a hundred million letters costs no more than
 * other text. Its test holds the two against each other in Java and in the library that encodes.
 *
 * <p>Nothing looks behind, so a text may be cut at the end of any pre-token and the halves split as the whole did. Nothing
 * looks ahead either, so unlike GPT-2's expression these leave the last of several spaces with the others.
 */
public final class PreTokenizer {
    /** Longer pre-tokens, in bytes of UTF-8, teach the trainer nothing: hashes, base64, runs of one character. */
    public static final int TRAINING_BYTES_MAX = 256;

    private static final int DIGITS_OF_GROUP = 3;

    private final SplitRules rules;
    private final boolean punctuationRuns;
    private final boolean numberRuns;
    private final String pattern;

    public PreTokenizer(SplitRules rules) {
        this.rules = rules;
        this.punctuationRuns = rules.punctuation() == Punctuation.RUN;
        this.numberRuns = rules.digits() == Digits.RUN;
        this.pattern = buildPattern();
    }

    public SplitRules rules() {
        return rules;
    }

    /**
     * The regular expression, in the syntax that Oniguruma, Rust, Java and JavaScript share: no escapes for code points,
     * no Unicode properties, every class spelled out in characters.
     */
    public String pattern() {
        return pattern;
    }

    /**
     * Where the pre-token that begins at {@code start} ends.
     *
     * @param text any text; a lone surrogate counts as a single other character
     * @param start index of a pre-token's first character, less than the text's length
     * @return index after its last character, more than {@code start}
     */
    public int end(CharSequence text, int start) {
        int first = Character.codePointAt(text, start);
        int next = start + Character.charCount(first);
        switch (CodePointClasses.of(first)) {
            case CodePointClasses.LETTER:
                return runEnd(text, next, CodePointClasses.LETTER);
            case CodePointClasses.NUMBER:
                return numberEnd(text, next);
            case CodePointClasses.NEWLINE:
                return runEnd(text, next, CodePointClasses.NEWLINE);
            case CodePointClasses.SPACE:
                return first == ' ' ? spaceEnd(text, next) : runEnd(text, next, CodePointClasses.SPACE);
            default:
                return otherEnd(text, first, next);
        }
    }

    private int spaceEnd(CharSequence text, int next) {
        if (next < text.length()) {
            int second = Character.codePointAt(text, next);
            byte kind = CodePointClasses.of(second);
            if (kind == CodePointClasses.LETTER || (numberRuns && kind == CodePointClasses.NUMBER)) {
                return runEnd(text, next, kind);
            }
            if (joins(second)) {
                return otherRunEnd(text, next);
            }
        }
        return runEnd(text, next, CodePointClasses.SPACE);
    }

    private int numberEnd(CharSequence text, int next) {
        if (numberRuns) {
            return runEnd(text, next, CodePointClasses.NUMBER);
        }
        int at = next;
        if (rules.digits() == Digits.THREE) {
            for (int digits = 1; digits < DIGITS_OF_GROUP && at < text.length(); digits++) {
                int codePoint = Character.codePointAt(text, at);
                if (CodePointClasses.of(codePoint) != CodePointClasses.NUMBER) {
                    break;
                }
                at += Character.charCount(codePoint);
            }
        }
        return at;
    }

    private int otherEnd(CharSequence text, int first, int next) {
        if (first == '\\' && rules.latexCommands()) {
            return asciiLettersEnd(text, next);
        }
        if (!punctuationRuns) {
            return next;
        }
        int contraction = first == '\'' ? contractionEnd(text, next) : next;
        return contraction > next ? contraction : otherRunEnd(text, next);
    }

    /** Whether a character goes with others of its kind. A backslash that may begin a command does not. */
    private boolean joins(int codePoint) {
        return punctuationRuns
                && CodePointClasses.of(codePoint) == CodePointClasses.OTHER
                && !(rules.latexCommands() && codePoint == '\\');
    }

    private int otherRunEnd(CharSequence text, int from) {
        int at = from;
        while (at < text.length()) {
            int codePoint = Character.codePointAt(text, at);
            if (!joins(codePoint)) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    /** Behind an apostrophe: after s, t, d, m, ll, ve or re in either case, or where it began. */
    private static int contractionEnd(CharSequence text, int from) {
        if (from >= text.length()) {
            return from;
        }
        int first = text.charAt(from) | 0x20;
        int second = from + 1 < text.length() ? text.charAt(from + 1) | 0x20 : 0;
        if (!isAsciiLetter(text.charAt(from))) {
            return from;
        }
        if (first == 's' || first == 't' || first == 'd' || first == 'm') {
            return from + 1;
        }
        boolean two =
                (first == 'l' && second == 'l') || (first == 'v' && second == 'e') || (first == 'r' && second == 'e');
        return two && isAsciiLetter(text.charAt(from + 1)) ? from + 2 : from;
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

    private String buildPattern() {
        String letters = ranges(CodePointClasses.letters());
        String numbers = ranges(CodePointClasses.numbers());
        String spaces = ranges(CodePointClasses.spaces());
        String command = rules.latexCommands() ? "\\\\[A-Za-z]+|" : "";
        String number = switch (rules.digits()) {
            case SINGLE -> "[" + numbers + "]|";
            case THREE -> "[" + numbers + "]{1,3}|";
            case RUN -> " ?[" + numbers + "]+|";
        };
        String contraction = punctuationRuns ? "'(?:[sStTdDmM]|[lL][lL]|[vV][eE]|[rR][eE])|" : "";
        String backslash = rules.latexCommands() ? "\\\\" : "";
        String others = punctuationRuns ? "| ?[^\r\n" + backslash + spaces + numbers + letters + "]+" : "";
        // The last one means any character: newlines never come that far.
        return command + number + contraction + " ?[" + letters + "]+" + others + "|[\r\n]+|[" + spaces + "]+|[^\n]";
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
