package io.peregrine.data.filters.words;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;

/** What Python's string methods do and Java's do otherwise, on ranges of a text. */
public final class PythonText {
    private PythonText() {}

    /** First index from {@code start} on that is not Unicode whitespace, as {@code lstrip} sees it; {@code end} if none. */
    public static int skipSpace(CharSequence text, int start, int end) {
        int at = start;
        while (at < end && isSpace(text, at)) {
            at++;
        }
        return at;
    }

    /** Index after the last character before {@code end} that is not Unicode whitespace, as {@code rstrip} sees it. */
    public static int trimSpace(CharSequence text, int start, int end) {
        int at = end;
        while (at > start && isSpace(text, at - 1)) {
            at--;
        }
        return at;
    }

    /** {@code text.strip()}. */
    public static String strip(String text) {
        int start = skipSpace(text, 0, text.length());
        return text.substring(start, trimSpace(text, start, text.length()));
    }

    /**
     * {@code [s for part in text.split(separator) if (s := part.strip())]}, as ranges.
     *
     * @param separator not empty
     * @param parts what was in it is forgotten
     */
    public static void stripped(String text, String separator, Spans parts) {
        parts.clear();
        int from = 0;
        while (from <= text.length()) {
            int found = text.indexOf(separator, from);
            int to = found < 0 ? text.length() : found;
            int start = skipSpace(text, from, to);
            int end = trimSpace(text, start, to);
            if (start < end) {
                parts.add(start, end);
            }
            from = found < 0 ? text.length() + 1 : found + separator.length();
        }
    }

    /** {@code text.split(separator)}, as ranges, empty ones included. */
    public static void parts(String text, char separator, Spans parts) {
        parts.clear();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == separator) {
                parts.add(from, i);
                from = i + 1;
            }
        }
        parts.add(from, text.length());
    }

    /** {@code text.count(wanted)}: occurrences that do not overlap, from the left. */
    public static int count(String text, String wanted) {
        int count = 0;
        int at = text.indexOf(wanted);
        while (at >= 0) {
            count++;
            at = text.indexOf(wanted, at + wanted.length());
        }
        return count;
    }

    /** Whether a range ends with a text. */
    public static boolean endsWith(String text, int start, int end, String suffix) {
        return end - start >= suffix.length() && text.startsWith(suffix, end - suffix.length());
    }

    /** Whether some character of a range has one of these {@link CodePoints} flags. */
    public static boolean any(String text, int start, int end, int flags) {
        int i = start;
        while (i < end) {
            int c = text.codePointAt(i);
            if (CodePoints.is(c, flags)) {
                return true;
            }
            i += Character.charCount(c);
        }
        return false;
    }

    private static boolean isSpace(CharSequence text, int index) {
        // All whitespace is in the basic plane.
        return CodePoints.is(text.charAt(index), CodePoints.SPACE);
    }
}
