package io.peregrine.data.filters.words;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.WordBreak;
import com.ibm.icu.lang.UProperty;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;

/**
 * The word segments of Unicode Standard Annex 29 with its default rules, whitespace and punctuation segments included.
 *
 * <p>This is what the uniseg package computes, up to the version of the Unicode tables: ours come from the pinned ICU4J.
 * ICU's own word iterator gives the same segments but in Chinese, Japanese, Thai and their like, where it takes words from
 * dictionaries that the annex and uniseg do not have.
 *
 * @see <a href="https://www.unicode.org/reports/tr29/">UAX 29, section 4.1, rules WB3 to WB999</a>
 */
public final class SegmentWords implements WordSplitter {
    public static final String PROFILE = "uax29";

    private static final int NONE = -1;
    /** Beside the values of Word_Break: the property Extended_Pictographic, which rule WB3c asks for. */
    private static final byte PICTOGRAPHIC = 0x40;

    private static final byte[] TABLE = table();

    @Override
    public String profile() {
        return PROFILE;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        int length = text.length();
        int at = 0;
        while (at < length) {
            int end = end(text, at);
            words.add(at, end);
            at = end;
        }
    }

    /** Where the segment that begins at {@code from} ends. */
    private static int end(CharSequence text, int from) {
        int length = text.length();
        int c = Character.codePointAt(text, from);
        int at = from + Character.charCount(c);
        int raw = property(c);
        int left = raw;
        int beforeLeft = NONE;
        int flags = 1;
        while (at < length) {
            c = Character.codePointAt(text, at);
            int right = property(c);
            int next = at + Character.charCount(c);
            boolean attached = attaches(right) && !isNewline(raw);
            if (!attached && breaks(text, raw, left, beforeLeft, right, isPictographic(c), next, flags)) {
                return at;
            }
            raw = right;
            if (!attached) {
                beforeLeft = left;
                left = right;
                flags++;
            }
            at = next;
        }
        return length;
    }

    /**
     * Whether a segment ends between two characters.
     *
     * @param raw of the character just before
     * @param left of the last character that is not Extend, Format or ZWJ
     * @param beforeLeft of the one before that inside the segment
     * @param right of the character after
     * @param next index after that character
     * @param seen how many characters that are not ignored the segment has; for flags, of which two make one
     */
    private static boolean breaks(
            CharSequence text, int raw, int left, int beforeLeft, int right, boolean pictographic, int next, int seen) {
        if (isNewline(raw) || isNewline(right)) {
            return raw != WordBreak.CR || right != WordBreak.LF;
        }
        if (raw == WordBreak.ZWJ && pictographic) {
            return false;
        }
        if (raw == WordBreak.WSEGSPACE && right == WordBreak.WSEGSPACE) {
            return false;
        }
        if (left == WordBreak.REGIONAL_INDICATOR && right == WordBreak.REGIONAL_INDICATOR) {
            return seen != 1;
        }
        return !joins(left, right) && !joinsAround(text, left, beforeLeft, right, next);
    }

    /** WB5, WB8 to WB10, WB13 to WB13b: pairs that stay together. */
    private static boolean joins(int left, int right) {
        boolean wordLike = isLetter(left) || left == WordBreak.NUMERIC;
        if (isLetter(right) || right == WordBreak.NUMERIC) {
            return wordLike || left == WordBreak.EXTENDNUMLET;
        }
        if (right == WordBreak.KATAKANA) {
            return left == WordBreak.KATAKANA || left == WordBreak.EXTENDNUMLET;
        }
        return right == WordBreak.EXTENDNUMLET
                && (wordLike || left == WordBreak.KATAKANA || left == WordBreak.EXTENDNUMLET);
    }

    /** WB6, WB7, WB7a to WB7c, WB11, WB12: a mark between two letters or two digits. */
    private static boolean joinsAround(CharSequence text, int left, int beforeLeft, int right, int next) {
        if (isLetter(left)) {
            if (left == WordBreak.HEBREW_LETTER && right == WordBreak.SINGLE_QUOTE) {
                return true;
            }
            if (left == WordBreak.HEBREW_LETTER && right == WordBreak.DOUBLE_QUOTE) {
                return following(text, next) == WordBreak.HEBREW_LETTER;
            }
            return isLetterMark(right) && isLetter(following(text, next));
        }
        if (isLetter(right) && isLetter(beforeLeft)) {
            return isLetterMark(left)
                    || (left == WordBreak.DOUBLE_QUOTE
                            && beforeLeft == WordBreak.HEBREW_LETTER
                            && right == WordBreak.HEBREW_LETTER);
        }
        if (left == WordBreak.NUMERIC) {
            return isNumberMark(right) && following(text, next) == WordBreak.NUMERIC;
        }
        return right == WordBreak.NUMERIC && beforeLeft == WordBreak.NUMERIC && isNumberMark(left);
    }

    /** The property of the next character that is not Extend, Format or ZWJ. */
    private static int following(CharSequence text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = Character.codePointAt(text, at);
            int property = property(c);
            if (!attaches(property)) {
                return property;
            }
            at += Character.charCount(c);
        }
        return NONE;
    }

    private static boolean attaches(int property) {
        return property == WordBreak.EXTEND || property == WordBreak.FORMAT || property == WordBreak.ZWJ;
    }

    private static boolean isNewline(int property) {
        return property == WordBreak.CR || property == WordBreak.LF || property == WordBreak.NEWLINE;
    }

    private static boolean isLetter(int property) {
        return property == WordBreak.ALETTER || property == WordBreak.HEBREW_LETTER;
    }

    private static boolean isLetterMark(int property) {
        return property == WordBreak.MIDLETTER || property == WordBreak.MIDNUMLET || property == WordBreak.SINGLE_QUOTE;
    }

    private static boolean isNumberMark(int property) {
        return property == WordBreak.MIDNUM || property == WordBreak.MIDNUMLET || property == WordBreak.SINGLE_QUOTE;
    }

    private static int property(int codePoint) {
        return TABLE[codePoint] & ~PICTOGRAPHIC;
    }

    private static boolean isPictographic(int codePoint) {
        return (TABLE[codePoint] & PICTOGRAPHIC) != 0;
    }

    private static byte[] table() {
        byte[] table = new byte[Character.MAX_CODE_POINT + 1];
        for (int c = 0; c < table.length; c++) {
            int property = UCharacter.getIntPropertyValue(c, UProperty.WORD_BREAK);
            boolean pictographic = UCharacter.hasBinaryProperty(c, UProperty.EXTENDED_PICTOGRAPHIC);
            table[c] = (byte) (pictographic ? property | PICTOGRAPHIC : property);
        }
        return table;
    }
}
