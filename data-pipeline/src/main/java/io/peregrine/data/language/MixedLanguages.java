package io.peregrine.data.language;

import io.peregrine.data.text.CodePoints;

/**
 * Finds the part of a document that is in another language than the document.
 *
 * <p>Windows at equal distances are identified one by one. A window begins where a line begins, or else a word, and ends
 * likewise, so that a paragraph is not mixed with its neighbour where that can be avoided. At most {@code segments}
 * windows of {@value #WINDOW} units are looked at, however long the document is.
 *
 * <p>A window of too few letters, and one whose language is not sure, is taken for the document's own.
 */
final class MixedLanguages {
    /** Most UTF-16 units of a window. */
    static final int WINDOW = 200;

    /** Fewest letters for which a window is identified. */
    static final int LETTERS_MIN = 60;

    /** Confidence from which on a window counts as another language. */
    static final double CONFIDENCE_MIN = 0.9;

    private final LanguageIdentifier identifier;
    private final int segments;

    MixedLanguages(LanguageIdentifier identifier, int segments) {
        this.identifier = identifier;
        this.segments = segments;
    }

    /** Share of the letters looked at that are in windows of another language; 0 for a text of one window. */
    double share(String text, String language) {
        int count = Math.min(segments, text.length() / WINDOW);
        if (count < 2) {
            return 0;
        }
        long all = 0;
        long others = 0;
        int free = 0;
        for (int i = 0; i < count; i++) {
            int from = Math.max(free, (int) ((long) text.length() * i / count));
            int limit = (int) Math.min(text.length(), (long) text.length() * (i + 1) / count);
            int start = i == 0 ? 0 : start(text, from, Math.max(from, limit - WINDOW / 2));
            int end = end(text, start, Math.min(text.length(), start + WINDOW));
            free = end;
            int letters = letters(text, start, end);
            if (letters >= LETTERS_MIN) {
                all += letters;
                Identification found = identifier.identify(text.substring(start, end));
                boolean other = found.confidence() >= CONFIDENCE_MIN
                        && !found.language().equals(language);
                others += other ? letters : 0;
            }
        }
        return all == 0 ? 0 : (double) others / all;
    }

    /** After the first line feed in a range, or else after its first white space, or else its beginning. */
    private static int start(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (text.charAt(at) == '\n') {
                return at + 1;
            }
        }
        for (int at = from; at < to; at++) {
            if (CodePoints.is(text.charAt(at), CodePoints.SPACE)) {
                return at + 1;
            }
        }
        return whole(text, from);
    }

    /** The last line feed in the second half of a range, or else its last white space, or else its end. */
    private static int end(String text, int from, int to) {
        if (to == text.length()) {
            return to;
        }
        int half = from + (to - from) / 2;
        for (int at = to - 1; at > half; at--) {
            if (text.charAt(at) == '\n') {
                return at;
            }
        }
        for (int at = to - 1; at > half; at--) {
            if (CodePoints.is(text.charAt(at), CodePoints.SPACE)) {
                return at;
            }
        }
        return whole(text, to);
    }

    private static int whole(String text, int at) {
        boolean inside = at > 0
                && at < text.length()
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
        return inside ? at - 1 : at;
    }

    private static int letters(String text, int from, int to) {
        int letters = 0;
        for (int at = from; at < to; ) {
            int c = text.codePointAt(at);
            letters += CodePoints.is(c, CodePoints.LETTER) ? 1 : 0;
            at += Character.charCount(c);
        }
        return letters;
    }
}
