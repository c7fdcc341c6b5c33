package io.peregrine.data.pii;

/** How varied the characters of a value are. */
final class Entropy {
    private static final int ASCII = 128;

    private Entropy() {}

    /** Shannon entropy of the ASCII characters of a range, in bits per character; others count as one character. */
    static double bits(CharSequence text, int from, int to) {
        int[] counts = counts(text, from, to);
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / (to - from);
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }

    /** Number of different characters in a range. */
    static int distinct(CharSequence text, int from, int to) {
        int distinct = 0;
        for (int count : counts(text, from, to)) {
            distinct += count > 0 ? 1 : 0;
        }
        return distinct;
    }

    private static int[] counts(CharSequence text, int from, int to) {
        int[] counts = new int[ASCII];
        for (int i = from; i < to; i++) {
            counts[Math.min(text.charAt(i), ASCII - 1)]++;
        }
        return counts;
    }
}
