package io.peregrine.data.dedup;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.ULocale;
import io.peregrine.data.text.CodePoints;

/**
 * What {@link SimplifiedText} makes of one character, where that does not depend on its neighbours, in tables.
 *
 * <p>It depends on them for capital sigma, whose lower case differs at the end of a word, and for marks that keep a place
 * among others when a text is decomposed ({@link #HARD}). For all others, lower case, decomposition and the removal of
 * non-spacing marks act on each character alone.
 */
final class SimpleChars {
    /** Becomes whitespace. */
    static final int SPACE = 0;
    /** A decimal digit: part of a number, which becomes one zero. */
    static final int DIGIT = 1;
    /** Becomes nothing, and separates nothing. */
    static final int NOTHING = 2;
    /** Becomes more than one UTF-16 unit: {@link #expansion}. */
    static final int EXPANDS = 3;
    /** Half of a pair, or alone: {@link #ofCodePoint}. */
    static final int SURROGATE = 4;
    /** The text must go through {@link SimplifiedText}. */
    static final int HARD = 5;
    /** Values from here on are the one character that it becomes; no text's result has smaller ones. */
    static final int PLAIN = 6;

    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
    private static final int CAPITAL_SIGMA = 0x3A3;
    private static final String[] EXPANSIONS = new String[1 << 16];
    private static final char[] ACTIONS = actions();

    private SimpleChars() {}

    /** What a UTF-16 unit becomes: one of the actions, or from {@link #PLAIN} on the character itself. */
    static int action(char c) {
        return ACTIONS[c];
    }

    /** What a character with action {@link #EXPANDS} becomes. */
    static String expansion(char c) {
        return EXPANSIONS[c];
    }

    /**
     * The same for a code point: an action other than {@link #PLAIN}, where {@link #EXPANDS} stands for whatever {@link
     * #simple} says.
     */
    static int ofCodePoint(int c) {
        if (c == CAPITAL_SIGMA) {
            return HARD;
        }
        String lower = UCharacter.toLowerCase(ULocale.ROOT, Character.toString(c));
        int flags = CodePoints.flags(lower.codePointAt(0));
        if ((flags & CodePoints.DIGIT) != 0) {
            return DIGIT;
        }
        if ((flags & (CodePoints.BLANKED | CodePoints.SPACE)) != 0) {
            return SPACE;
        }
        String simple = simple(c);
        for (int i = 0; i < simple.length(); ) {
            int part = simple.codePointAt(i);
            if (UCharacter.getCombiningClass(part) != 0) {
                return HARD;
            }
            i += Character.charCount(part);
        }
        return simple.isEmpty() ? NOTHING : EXPANDS;
    }

    /** A code point in lower case, decomposed, without non-spacing marks. */
    static String simple(int c) {
        String decomposed = NFD.normalize(UCharacter.toLowerCase(ULocale.ROOT, Character.toString(c)));
        StringBuilder simple = new StringBuilder(decomposed.length());
        for (int i = 0; i < decomposed.length(); ) {
            int part = decomposed.codePointAt(i);
            if (!CodePoints.is(part, CodePoints.NONSPACING_MARK)) {
                simple.appendCodePoint(part);
            }
            i += Character.charCount(part);
        }
        return simple.toString();
    }

    private static char[] actions() {
        char[] actions = new char[1 << 16];
        for (int c = 0; c < actions.length; c++) {
            if (Character.isSurrogate((char) c)) {
                actions[c] = SURROGATE;
                continue;
            }
            int action = ofCodePoint(c);
            if (action == EXPANDS) {
                String simple = simple(c);
                if (simple.length() == 1) {
                    action = simple.charAt(0);
                } else {
                    EXPANSIONS[c] = simple;
                }
            }
            actions[c] = (char) action;
        }
        return actions;
    }
}
