package io.peregrine.data.filters.words;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;

/**
 * NLTK's WordPunctTokenizer: maximal runs of Python's {@code \w}, and maximal runs of what is neither that nor whitespace.
 */
public final class PunctWords implements WordSplitter {
    public static final String PROFILE = "nltk-wordpunct";

    private static final int BLANK = 0;
    private static final int WORD = 1;
    private static final int OTHER = 2;

    @Override
    public String profile() {
        return PROFILE;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        int start = 0;
        int running = BLANK;
        int i = 0;
        while (i < text.length()) {
            int c = Character.codePointAt(text, i);
            int kind = kind(c);
            if (kind != running) {
                if (running != BLANK) {
                    words.add(start, i);
                }
                start = i;
                running = kind;
            }
            i += Character.charCount(c);
        }
        if (running != BLANK) {
            words.add(start, i);
        }
    }

    /** Whether a code point is {@code \w} of Python's regular expressions: {@code isalnum}, or an underscore. */
    public static boolean isWord(int codePoint) {
        return codePoint == '_' || CodePoints.is(codePoint, CodePoints.ALPHANUMERIC);
    }

    private static int kind(int c) {
        if (isWord(c)) {
            return WORD;
        }
        return CodePoints.is(c, CodePoints.SPACE) ? BLANK : OTHER;
    }
}
