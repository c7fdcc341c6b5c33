package io.peregrine.data.filters.datatrove;

/**
 * Which of C4's phrases a line has, whatever their case.
 *
 * <p>One pass that stops at the rarest letter of each phrase only. Python lowers two characters outside ASCII to ASCII
 * letters: the Kelvin sign U+212A is a k, and U+0130 is an i with a dot behind it, which is in no phrase.
 */
final class LinePhrases {
    private static final char KELVIN = '\u212a';

    private static final String LOREM_IPSUM = "lorem ipsum";
    private static final String JAVASCRIPT = "javascript";
    private static final String PRIVACY_POLICY = "privacy policy";
    private static final String TERMS_OF_USE = "terms of use";
    private static final String COOKIE_POLICY = "cookie policy";
    private static final String[] COOKIES = {"uses cookies", "use of cookies", "use cookies"};

    /** A phrase is looked for where this letter is, at this place in it. */
    private static final int LOREM_LETTER = LOREM_IPSUM.indexOf('p');

    private static final int PRIVACY_LETTER = PRIVACY_POLICY.indexOf('v');
    private static final int TERMS_LETTER = TERMS_OF_USE.indexOf('f');
    private static final int COOKIE_LETTER = COOKIE_POLICY.indexOf('k');

    /** ASCII characters at which something is looked for: a switch over every character costs more than all else here. */
    private static final boolean[] LOOKED_AT = new boolean[128];

    static {
        "{[jJpPvVfFkK".chars().forEach(c -> LOOKED_AT[c] = true);
    }

    private boolean loremIpsum;
    private boolean javascript;
    private boolean policy;
    private boolean curlyBracket;
    private boolean squareBracket;

    /** Reads a range of a text. */
    void read(char[] text, int from, int to) {
        loremIpsum = false;
        javascript = false;
        policy = false;
        curlyBracket = false;
        squareBracket = false;
        for (int at = from; at < to; at++) {
            char c = text[at];
            if (c < LOOKED_AT.length ? !LOOKED_AT[c] : c != KELVIN) {
                continue;
            }
            switch (c) {
                case '{' -> curlyBracket = true;
                case '[' -> squareBracket = true;
                case 'j', 'J' -> javascript |= is(JAVASCRIPT, text, at, from, to);
                case 'p', 'P' -> loremIpsum |= is(LOREM_IPSUM, text, at - LOREM_LETTER, from, to);
                case 'v', 'V' -> policy |= is(PRIVACY_POLICY, text, at - PRIVACY_LETTER, from, to);
                case 'f', 'F' -> policy |= is(TERMS_OF_USE, text, at - TERMS_LETTER, from, to);
                case 'k', 'K', KELVIN -> policy |= cookies(text, at, from, to);
                default -> {}
            }
        }
    }

    private static boolean cookies(char[] text, int k, int from, int to) {
        boolean found = is(COOKIE_POLICY, text, k - COOKIE_LETTER, from, to);
        for (String phrase : COOKIES) {
            found |= is(phrase, text, k - phrase.indexOf('k'), from, to);
        }
        return found;
    }

    private static boolean is(String phrase, char[] text, int at, int from, int to) {
        if (at < from || at + phrase.length() > to) {
            return false;
        }
        for (int i = 0; i < phrase.length(); i++) {
            char c = text[at + i];
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == KELVIN ? 'k' : c;
            if (lower != phrase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean loremIpsum() {
        return loremIpsum;
    }

    boolean javascript() {
        return javascript;
    }

    /** A phrase on cookies, privacy or terms of use. */
    boolean policy() {
        return policy;
    }

    boolean curlyBracket() {
        return curlyBracket;
    }

    boolean squareBracket() {
        return squareBracket;
    }
}
