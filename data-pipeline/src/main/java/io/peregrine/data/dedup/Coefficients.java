package io.peregrine.data.dedup;

/**
 * The random permutations of a signature: number k takes hash h to ((h a_k + b_k) mod 2^64) mod (2^61 - 1).
 *
 * <p>As numpy's {@code RandomState} draws them for datatrove: all factors first, from 1, then all offsets, from 0.
 */
public final class Coefficients {
    /** The Mersenne prime 2^61 - 1. */
    public static final long MODULUS = (1L << 61) - 1;

    private final long[] factors;
    private final long[] offsets;

    public Coefficients(int seed, int count) {
        MersenneTwister random = new MersenneTwister(seed);
        factors = new long[count];
        offsets = new long[count];
        for (int k = 0; k < count; k++) {
            factors[k] = 1 + random.drawUpTo(MODULUS - 2);
        }
        for (int k = 0; k < count; k++) {
            offsets[k] = random.drawUpTo(MODULUS - 1);
        }
    }

    public int count() {
        return factors.length;
    }

    /** A copy of the factors a. */
    public long[] factors() {
        return factors.clone();
    }

    /** A copy of the offsets b. */
    public long[] offsets() {
        return offsets.clone();
    }

    /** The value of one permutation. */
    long permute(long hash, int permutation) {
        return reduce(hash * factors[permutation] + offsets[permutation]);
    }

    /** An unsigned number modulo 2^61 - 1, without division or branch: 2^61 is 1 there. */
    private static long reduce(long value) {
        long above = (value & MODULUS) + (value >>> 61) - MODULUS;
        return above + (MODULUS & above >> 63);
    }
}
