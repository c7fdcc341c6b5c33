package io.peregrine.data.filters.datatrove;

/**
 * Hashes of texts as polynomials modulo 2^64 over their UTF-16 units.
 *
 * <p>The hash of a joined text follows from the hashes of its parts, and that of a part from the hashes of what it ends
 * and what it begins in. So texts are compared by what they say and not by where their words are cut, in constant time
 * after one pass.
 */
final class Polynomial {
    /** Odd, so that it can be undone modulo 2^64, and large, so that short texts differ in all bits. */
    static final long BASE = 0xD6E8FEB86659FD93L;

    private static final long[] POWERS = powers(4096);
    private static final long BASE_2 = POWERS[2];
    private static final long BASE_3 = POWERS[3];
    private static final long BASE_4 = POWERS[4];

    private Polynomial() {}

    /** The factor by which a hash grows when this many units are put behind it. */
    static long power(int units) {
        if (units < POWERS.length) {
            return POWERS[units];
        }
        long power = POWERS[units % POWERS.length];
        long square = POWERS[POWERS.length - 1] * BASE;
        for (int rest = units / POWERS.length; rest > 0; rest >>= 1) {
            power = (rest & 1) == 0 ? power : power * square;
            square *= square;
        }
        return power;
    }

    /** The hash of two texts, the first of which has this hash, joined. */
    static long join(long first, long second, int secondUnits) {
        return first * power(secondUnits) + second;
    }

    /** The hash of a range. */
    static long hash(char[] text, int from, int to) {
        long hash = 0;
        int at = from;
        for (; at + 4 <= to; at += 4) {
            hash = hash * BASE_4
                    + (unit(text[at]) * BASE_3
                            + unit(text[at + 1]) * BASE_2
                            + unit(text[at + 2]) * BASE
                            + unit(text[at + 3]));
        }
        for (; at < to; at++) {
            hash = hash * BASE + unit(text[at]);
        }
        return hash;
    }

    /** What a unit adds; never 0, so that texts of different lengths differ. */
    static long unit(char c) {
        return c + 1L;
    }

    private static long[] powers(int count) {
        long[] powers = new long[count];
        powers[0] = 1;
        for (int i = 1; i < count; i++) {
            powers[i] = powers[i - 1] * BASE;
        }
        return powers;
    }
}
