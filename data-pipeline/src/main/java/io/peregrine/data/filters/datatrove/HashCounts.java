package io.peregrine.data.filters.datatrove;

import java.util.Arrays;

/**
 * Counts 64-bit keys: an open-addressing table that is filled again for every question.
 *
 * <p>Its size follows the number of keys, so that emptying it costs no more than filling it. Two keys are taken for equal
 * texts: of n different texts some pair has equal keys with probability about n^2 / 2^65.
 */
final class HashCounts {
    /** Odd, with bits everywhere: a multiple of a key has its information in the high bits. */
    static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int LEAST_BITS = 6;
    private static final long ONCE = 1L << Integer.SIZE;

    private long[] keys = new long[1 << LEAST_BITS];

    /** By slot: where the key has been met first, and above that how often; in one place, as both are needed at once. */
    private long[] met = new long[1 << LEAST_BITS];

    private int shift;
    private int mask;
    private int slot;

    /** Forgets everything, and makes room for this many keys. */
    void clear(int expected) {
        int bits = Math.max(LEAST_BITS, 33 - Integer.numberOfLeadingZeros(Math.max(1, expected)));
        if (bits > 30) {
            throw new IllegalArgumentException("%d keys: too many for one document".formatted(expected));
        }
        if (keys.length < 1 << bits) {
            keys = new long[1 << bits];
            met = new long[1 << bits];
        } else {
            Arrays.fill(keys, 0, 1 << bits, 0);
        }
        shift = Long.SIZE - bits;
        mask = (1 << bits) - 1;
    }

    /** Adds a key that stands at a position; how often it has been met, this time included. */
    int add(long key, int position) {
        long wanted = key == 0 ? SPREAD : key;
        int at = (int) ((wanted * SPREAD) >>> shift);
        while (keys[at] != wanted) {
            if (keys[at] == 0) {
                keys[at] = wanted;
                met[at] = ONCE | position;
                slot = at;
                return 1;
            }
            at = (at + 1) & mask;
        }
        slot = at;
        met[at] += ONCE;
        return (int) (met[at] >>> Integer.SIZE);
    }

    /** Where the key that was added last had been met first. */
    int first() {
        return (int) met[slot];
    }
}
