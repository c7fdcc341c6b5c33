package io.peregrine.data.dedup;

import java.util.Arrays;

/**
 * The minima in plain Java.
 *
 * <p>The loop over permutations is straight-line code over arrays that C2 turns into vectors: 0.4 ns a hash where the
 * same loop with {@code Math.min}, or with several hashes at once, stays scalar and takes 2.5 ns (JDK 17, AVX-512).
 */
public final class JavaMinima implements MinimaKernel {
    private static final long MODULUS = Coefficients.MODULUS;

    /** Greatest {@link #lower} value of a hash whose sum was not below the modulus. */
    private static final long WRAPPED_MAX = 8;

    private final Coefficients coefficients;
    private final long[] factors;
    private final long[] offsets;
    private final long[] lowest;

    public JavaMinima(Coefficients coefficients) {
        this.coefficients = coefficients;
        factors = coefficients.factors();
        offsets = coefficients.offsets();
        lowest = new long[coefficients.count()];
    }

    @Override
    public int permutations() {
        return factors.length;
    }

    @Override
    public int batchHashes() {
        return 1 << 14;
    }

    @Override
    public void minima(long[] hashes, int[] ends, int documents, long[] minima) {
        int from = 0;
        for (int document = 0; document < documents; document++) {
            Arrays.fill(lowest, MODULUS);
            for (int at = from; at < ends[document]; at++) {
                lower(lowest, factors, offsets, hashes[at]);
            }
            int target = document * factors.length;
            for (int k = 0; k < factors.length; k++) {
                minima[target + k] = lowest[k] > WRAPPED_MAX ? lowest[k] - 1 : least(hashes, from, ends[document], k);
            }
            from = ends[document];
        }
    }

    /**
     * Takes each value down to that of one hash: one more than the permuted hash, if its sum is below the modulus.
     *
     * <p>v modulo 2^61 - 1 is s, its low 61 bits plus its high 3, less the modulus if s has reached that. The low 61 bits
     * of s + 1 are s + 1 in the first case and s - (2^61 - 1), 0 to 8, in the second, once in 2^58 hashes: so whoever
     * finds a value that small must compute it again, and the others are exact without the subtraction. Differences stay
     * within 63 bits, so that their signs choose the minimum.
     */
    private static void lower(long[] lowest, long[] factors, long[] offsets, long hash) {
        for (int k = 0; k < lowest.length; k++) {
            long v = hash * factors[k] + offsets[k];
            long d = (((v & MODULUS) + (v >>> 61) + 1) & MODULUS) - lowest[k];
            lowest[k] += d & d >> 63;
        }
    }

    private long least(long[] hashes, int from, int to, int permutation) {
        long least = Long.MAX_VALUE;
        for (int at = from; at < to; at++) {
            least = Math.min(least, coefficients.permute(hashes[at], permutation));
        }
        return least;
    }

    @Override
    public void close() {
        // Nothing is held outside the heap.
    }
}
