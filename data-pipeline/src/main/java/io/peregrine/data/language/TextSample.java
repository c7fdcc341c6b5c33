package io.peregrine.data.language;

/**
 * The part of a text that is looked at, so that a long text costs no more than a short one.
 *
 * <p>A text up to the limit is taken whole. Of a longer one, equal windows at equal distances are taken, the first at
 * the beginning and the last at the end: a page often opens with a menu in another language. No surrogate pair is cut.
 */
public final class TextSample {
    private static final int WINDOWS = 4;

    private TextSample() {}

    /**
     * The sample of a text.
     *
     * @param limit most UTF-16 units to take, at least 8
     */
    public static String of(String text, int limit) {
        if (limit < 2 * WINDOWS) {
            throw new IllegalArgumentException("limit %d: must be >= %d".formatted(limit, 2 * WINDOWS));
        }
        if (text.length() <= limit) {
            return text;
        }
        int window = limit / WINDOWS - 1;
        long span = (long) text.length() - window;
        StringBuilder sample = new StringBuilder(limit);
        for (int i = 0; i < WINDOWS; i++) {
            int from = (int) (span * i / (WINDOWS - 1));
            sample.append(text, boundary(text, from), boundary(text, from + window))
                    .append(' ');
        }
        return sample.toString();
    }

    /** The index itself, or the one before it if it lies inside a surrogate pair. */
    private static int boundary(String text, int index) {
        boolean inside = index > 0
                && index < text.length()
                && Character.isHighSurrogate(text.charAt(index - 1))
                && Character.isLowSurrogate(text.charAt(index));
        return inside ? index - 1 : index;
    }
}
