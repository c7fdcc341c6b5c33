package io.peregrine.data.text;

/**
 * A set of characters as spaCy's punctuation rules name them: everything with one of some {@link SpacyCharacters} flags,
 * and some characters more or less.
 */
final class CharacterSet {
    private final int flags;
    private final String more;
    private final String less;
    private final boolean[] ascii = new boolean[128];

    private CharacterSet(int flags, String more, String less) {
        this.flags = flags;
        this.more = more;
        this.less = less;
        for (int c = 0; c < ascii.length; c++) {
            ascii[c] = compute(c);
        }
    }

    /** Characters with one of these flags. */
    static CharacterSet of(int flags) {
        return new CharacterSet(flags, "", "");
    }

    /** Characters of the basic plane, one by one. */
    static CharacterSet of(String characters) {
        return new CharacterSet(0, characters, "");
    }

    /** Every character but these. */
    static CharacterSet allBut(String characters) {
        return new CharacterSet(SpacyCharacters.ANY, "", characters);
    }

    CharacterSet with(String characters) {
        return new CharacterSet(flags, more + characters, less);
    }

    CharacterSet without(String characters) {
        return new CharacterSet(flags, more, less + characters);
    }

    /** The characters of both; the other one leaves none out. */
    CharacterSet or(CharacterSet other) {
        if (!other.less.isEmpty()) {
            throw new IllegalArgumentException("leaves out " + other.less);
        }
        return new CharacterSet(flags | other.flags, more + other.more, less);
    }

    boolean has(int codePoint) {
        return codePoint < ascii.length ? ascii[codePoint] : compute(codePoint);
    }

    /** Whether a character that is not ASCII may be in it. */
    boolean reachesBeyondAscii() {
        return flags != 0 || more.chars().anyMatch(c -> c >= ascii.length);
    }

    private boolean compute(int c) {
        boolean flagged = flags == SpacyCharacters.ANY || SpacyCharacters.is(c, flags);
        return (flagged && less.indexOf(c) < 0) || more.indexOf(c) >= 0;
    }
}
