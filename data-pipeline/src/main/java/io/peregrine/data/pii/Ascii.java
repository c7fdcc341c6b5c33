package io.peregrine.data.pii;

import com.ibm.icu.lang.UCharacter;

/** Character classes of the formats, and looks at a text that do not fall off its ends. */
final class Ascii {
    private static final char NOTHING = '\n';

    private Ascii() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || isUpper(c);
    }

    static boolean isAlphanumeric(char c) {
        return isDigit(c) || isLetter(c);
    }

    static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /** A letter or digit of any script, or an underscore: what makes a longer word of a match. */
    static boolean isWord(char c) {
        return c < 128 ? isAlphanumeric(c) || c == '_' : UCharacter.isLetterOrDigit(c);
    }

    /** The character at an index, or a line end outside the text. */
    static char at(String text, int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : NOTHING;
    }

    /** The index after the digits from here. */
    static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
