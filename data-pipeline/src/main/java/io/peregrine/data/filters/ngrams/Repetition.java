package io.peregrine.data.filters.ngrams;

/**
 * Counts the n-grams of a text's pieces, overlapping ones each, and sums up lengths in the ways that the published
 * filters differ in. All lengths are code points of the pieces; what stands between them never counts.
 *
 * <p>One open-addressing table whose slots carry the number of the count that wrote them, so that nothing is cleared
 * between n-gram sizes; n-gram keys are rolling polynomials over the hashes of the pieces. Time is linear in the number
 * of pieces, memory at most 56 bytes for each.
 *
 * <p>Mutable; one thread.
 */
public final class Repetition {
    private static final long BASE = 0xD6E8FEB86659FD93L;

    private static final int SMALLEST = 1024;
    /** A table this many times larger than needed, left over from a huge document, is given back. */
    private static final int WASTE_MAX = 1024;

    private long[] keys = new long[SMALLEST];
    private int[] counts = new int[SMALLEST];
    private int[] rounds = new int[SMALLEST];
    private int[] slots = new int[SMALLEST];
    private int round;

    private int ngrams;
    private int distinct;
    private int topCount;
    private long firstTopLength;
    private long longestTopLength;
    private int repeated;
    private long repeatedLength;
    private long coveredLength;
    private long allLength;

    /** Counts the n-grams of {@code size} pieces; the answers below are about them until the next call. */
    public Repetition count(Pieces pieces, int size) {
        ngrams = Math.max(0, pieces.size() - size + 1);
        reserve(ngrams);
        fill(pieces, size);
        sum(pieces, size);
        return this;
    }

    /** Number of n-grams, repeated ones included; 0 if the text has fewer pieces than one n-gram. */
    public int ngrams() {
        return ngrams;
    }

    /** Number of different n-grams. */
    public int distinct() {
        return distinct;
    }

    /** How often the most frequent n-gram occurs. */
    public int topCount() {
        return topCount;
    }

    /** Length of the most frequent n-gram; among equally frequent ones of that which occurs first. */
    public long firstTopLength() {
        return firstTopLength;
    }

    /** Length of the most frequent n-gram; among equally frequent ones of the longest. */
    public long longestTopLength() {
        return longestTopLength;
    }

    /** Number of n-grams that occur more than once, every occurrence counted. */
    public int repeated() {
        return repeated;
    }

    /** Lengths of the n-grams that occur more than once, every occurrence counted, overlaps counted again. */
    public long repeatedLength() {
        return repeatedLength;
    }

    /** Length of the pieces that are in some n-gram that occurs more than once, each piece counted once. */
    public long coveredLength() {
        return coveredLength;
    }

    /** Lengths of all n-grams, overlaps counted again. */
    public long allLength() {
        return allLength;
    }

    /** How often each n-gram occurs, smallest start first, one number for each different one, in order of first sight. */
    public int[] countsByFirstSight() {
        int[] result = new int[distinct];
        int found = 0;
        round++;
        for (int start = 0; start < ngrams; start++) {
            int slot = slots[start];
            if (rounds[slot] != round) {
                rounds[slot] = round;
                result[found++] = counts[slot];
            }
        }
        return result;
    }

    private void reserve(int wanted) {
        if (slots.length < wanted) {
            slots = new int[Math.max(wanted, 2 * slots.length)];
        }
        int capacity = Integer.highestOneBit(Math.max(wanted, SMALLEST) + wanted / 2) << 1;
        boolean tooSmall = keys.length < capacity;
        boolean muchTooLarge = keys.length / capacity > WASTE_MAX;
        if (tooSmall || muchTooLarge || round >= Integer.MAX_VALUE - 2) {
            keys = new long[capacity];
            counts = new int[capacity];
            rounds = new int[capacity];
            round = 0;
        }
        round++;
    }

    private void fill(Pieces pieces, int size) {
        distinct = 0;
        long power = 1;
        long rolling = 0;
        for (int i = 0; i < size && i < pieces.size(); i++) {
            rolling = rolling * BASE + pieces.hash(i);
            power *= i == 0 ? 1 : BASE;
        }
        for (int start = 0; start < ngrams; start++) {
            if (start > 0) {
                rolling = (rolling - pieces.hash(start - 1) * power) * BASE + pieces.hash(start + size - 1);
            }
            slots[start] = slot(Pieces.mix(rolling));
        }
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) key & mask;
        while (rounds[slot] == round && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        if (rounds[slot] != round) {
            rounds[slot] = round;
            keys[slot] = key;
            counts[slot] = 0;
            distinct++;
        }
        counts[slot]++;
        return slot;
    }

    private void sum(Pieces pieces, int size) {
        topCount = 0;
        firstTopLength = 0;
        longestTopLength = 0;
        repeated = 0;
        repeatedLength = 0;
        coveredLength = 0;
        allLength = 0;
        int coveredTo = 0;
        for (int start = 0; start < ngrams; start++) {
            int count = counts[slots[start]];
            long length = pieces.length(start, size);
            allLength += length;
            if (count > topCount) {
                topCount = count;
                firstTopLength = length;
                longestTopLength = length;
            } else if (count == topCount && length > longestTopLength) {
                longestTopLength = length;
            }
            if (count > 1) {
                repeated++;
                repeatedLength += length;
                int from = Math.max(start, coveredTo);
                coveredTo = start + size;
                coveredLength += pieces.length(from, coveredTo - from);
            }
        }
    }
}
