package io.peregrine.data.text;

/**
 * A cursor over the words of a text: the definition of a word, profile {@value #PROFILE}.
 *
 * <p>A word is one of
 *
 * <ul>
 *   <li>a maximal run of letters, numbers and connector punctuation; inside it an apostrophe (U+0027, U+2019) between
 *       two of them and one of {@code . , : /} between two decimal digits do not end it: {@code don't}, {@code 1,234.5},
 *       {@code 10:30}, {@code 1/2};
 *   <li>one ideograph, kana, or letter of a script written without spaces (Thai, Lao, Khmer, Burmese);
 *   <li>a maximal run of one and the same other character: {@code ...}, {@code #}, {@code ---}.
 * </ul>
 *
 * <p>Combining marks and format characters stay with what is before them. Whitespace separates words and belongs to
 * none. So a hyphen is a word of its own, and every character that is not whitespace is in exactly one word. The text is
 * read once, from left to right, in constant memory.
 *
 * <p>Mutable; one text, one thread.
 */
public final class Words {
    /** Name of this definition of a word, for settings and manifests. */
    public static final String PROFILE = "unicode-words-1";

    private static final String DIGIT_JOINERS = ".,:/";

    private static final int NOTHING = -1;
    private static final int RUN = -2;
    private static final int SINGLE = -3;

    private final CharSequence text;
    private final int length;
    private int start;
    private int end;
    private int codePoints;
    private int anyFlags;
    private int allFlags;
    private int baseFlags;

    public Words(CharSequence text) {
        this.text = text;
        this.length = text.length();
    }

    /** Moves to the next word; false at the end of the text. */
    public boolean next() {
        int at = end;
        while (at < length) {
            int c = codePointAt(at);
            if (!CodePoints.is(c, CodePoints.SPACE)) {
                read(at);
                return true;
            }
            at += Character.charCount(c);
        }
        start = length;
        end = length;
        return false;
    }

    /** Index of the word's first UTF-16 unit. */
    public int start() {
        return start;
    }

    /** Index after the word's last UTF-16 unit. */
    public int end() {
        return end;
    }

    /** Length of the word in code points. */
    public int codePoints() {
        return codePoints;
    }

    /** Whether some code point of the word has one of these {@link CodePoints} flags. */
    public boolean any(int flags) {
        return (anyFlags & flags) != 0;
    }

    /** Whether every code point of the word has all of these {@link CodePoints} flags. */
    public boolean all(int flags) {
        return (allFlags & flags) == flags;
    }

    private void read(int from) {
        start = from;
        codePoints = 0;
        anyFlags = 0;
        allFlags = -1;
        baseFlags = 0;
        int kind = NOTHING;
        int at = from;
        while (at < length) {
            int c = codePointAt(at);
            int flags = CodePoints.flags(c);
            if (kind == NOTHING) {
                kind = kindOf(c, flags);
            } else if (!continues(kind, c, flags, at)) {
                break;
            }
            codePoints++;
            anyFlags |= flags;
            allFlags &= flags;
            baseFlags = (flags & CodePoints.ATTACHED) != 0 ? baseFlags : flags;
            at += Character.charCount(c);
        }
        end = at;
    }

    /** What a first character begins: a run of word characters, a word of its own, or a run of itself. */
    private static int kindOf(int c, int flags) {
        if ((flags & CodePoints.WORD) != 0) {
            return RUN;
        }
        return (flags & CodePoints.SOLO) != 0 ? SINGLE : c;
    }

    private boolean continues(int kind, int c, int flags, int at) {
        if ((flags & CodePoints.ATTACHED) != 0) {
            return true;
        }
        if (kind == RUN) {
            return (flags & CodePoints.WORD) != 0 || joins(c, at);
        }
        return kind == c;
    }

    private boolean joins(int c, int at) {
        boolean apostrophe = c == '\'' || c == '\u2019';
        if ((!apostrophe && DIGIT_JOINERS.indexOf(c) < 0) || at + 1 >= length) {
            return false;
        }
        int wanted = apostrophe ? CodePoints.WORD : CodePoints.DIGIT;
        return (baseFlags & wanted) != 0 && CodePoints.is(codePointAt(at + 1), wanted);
    }

    private int codePointAt(int index) {
        char c = text.charAt(index);
        return Character.isHighSurrogate(c) ? Character.codePointAt(text, index) : c;
    }
}
