package io.peregrine.data.dedup;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.UnicodeText;

/**
 * A text without what near duplicates may differ in: case, numbers, punctuation, spacing and accents.
 *
 * <p>In this order, which matters: lower case; every number, with at most one decimal separator inside, becomes {@code
 * 0}; punctuation and control characters become spaces; runs of whitespace become one space; canonical decomposition;
 * non-spacing marks are removed; surrounding whitespace is removed.
 *
 * @see <a href="https://github.com/huggingface/datatrove">datatrove</a>, simplify_text
 */
public final class SimplifiedText {
    /** Full stop, comma, Arabic comma, Arabic decimal separator, and three decimal separator key symbols. */
    private static final String DECIMAL_SEPARATORS = ".,\u060c\u066b\u2396\u2397\u2398";

    private SimplifiedText() {}

    /** The simplified text. */
    public static String of(String text) {
        boolean ascii = UnicodeText.isAscii(text);
        StringBuilder simple = spaced(ascii ? text : UnicodeText.lower(text));
        return ascii ? simple.toString() : withoutMarks(simple);
    }

    /** Whether the character may stand once between the digits of a number. */
    static boolean isDecimalSeparator(char c) {
        return DECIMAL_SEPARATORS.indexOf(c) >= 0;
    }

    /** Numbers, punctuation and whitespace in one pass; capital ASCII letters are lowered on the way. */
    private static StringBuilder spaced(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean pendingSpace = false;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int flags = CodePoints.flags(c);
            if ((flags & CodePoints.DIGIT) != 0) {
                out.append(pendingSpace ? " 0" : "0");
                pendingSpace = false;
                i = endOfNumber(text, i);
                continue;
            }
            i += Character.charCount(c);
            if ((flags & (CodePoints.BLANKED | CodePoints.SPACE)) != 0) {
                pendingSpace = !out.isEmpty();
                continue;
            }
            if (pendingSpace) {
                out.append(' ');
                pendingSpace = false;
            }
            out.appendCodePoint(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        return out;
    }

    /** The index after digits and, if digits follow one, a separator and those digits. */
    private static int endOfNumber(String text, int from) {
        int end = endOfDigits(text, from);
        if (end < text.length() && isDecimalSeparator(text.charAt(end))) {
            int fractionEnd = endOfDigits(text, end + 1);
            return fractionEnd > end + 1 ? fractionEnd : end;
        }
        return end;
    }

    private static int endOfDigits(String text, int from) {
        int i = from;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (!CodePoints.is(c, CodePoints.DIGIT)) {
                return i;
            }
            i += Character.charCount(c);
        }
        return i;
    }

    private static String withoutMarks(CharSequence text) {
        String decomposed = UnicodeText.decomposed(text);
        StringBuilder out = new StringBuilder(decomposed.length());
        for (int i = 0; i < decomposed.length(); ) {
            int c = decomposed.codePointAt(i);
            if (!CodePoints.is(c, CodePoints.NONSPACING_MARK)) {
                out.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        int from = 0;
        int to = out.length();
        while (from < to && CodePoints.is(out.charAt(from), CodePoints.SPACE)) {
            from++;
        }
        while (from < to && CodePoints.is(out.charAt(to - 1), CodePoints.SPACE)) {
            to--;
        }
        return out.substring(from, to);
    }
}
