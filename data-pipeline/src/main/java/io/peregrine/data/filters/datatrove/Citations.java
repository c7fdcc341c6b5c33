package io.peregrine.data.filters.datatrove;

import io.peregrine.data.text.CodePoints;

/** Wikipedia's marks in square brackets: digits or nothing, {@code edit}, {@code citation needed}. */
final class Citations {
    private static final String[] WORDS = {"edit]", "citation needed]"};

    private Citations() {}

    /** Copies a range without its marks to the beginning of a buffer that is as long; the units that are left. */
    static int remove(char[] text, int from, int to, char[] target, int targetFrom) {
        int out = targetFrom;
        int at = from;
        while (at < to) {
            int end = text[at] == '[' ? end(text, at + 1, to) : at;
            if (end > at) {
                at = end;
            } else {
                target[out++] = text[at++];
            }
        }
        return out - targetFrom;
    }

    /** The index behind the mark whose bracket is before an index, or 0 if there is none. */
    private static int end(char[] text, int from, int to) {
        for (String word : WORDS) {
            if (startsWith(word, text, from, to)) {
                return from + word.length();
            }
        }
        int at = from;
        while (at < to) {
            int c = Character.codePointAt(text, at, to);
            if (c == ']') {
                return at + 1;
            }
            if (!CodePoints.is(c, CodePoints.DIGIT)) {
                return 0;
            }
            at += Character.charCount(c);
        }
        return 0;
    }

    private static boolean startsWith(String word, char[] text, int from, int to) {
        if (from + word.length() > to) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
