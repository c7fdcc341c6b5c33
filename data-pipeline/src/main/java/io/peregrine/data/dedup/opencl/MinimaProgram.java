package io.peregrine.data.dedup.opencl;

import com.aparapi.Kernel;

/**
 * What each work item of the device does: the minimum of one permutation over the hashes of one segment.
 *
 * <p>A segment has one group of items or several, each item one permutation; those beyond the last permutation, which pad
 * the range, do nothing. So the items of a group read the same hash at the same time, write side by side, and run through
 * loops of the same length, without which PoCL makes no vectors of them (4 times slower). Aparapi translates the byte code
 * of {@link #run} to OpenCL C; it understands neither {@code switch} nor {@code break} nor static fields that are not
 * constants, and a kernel that does not compile can end the JVM: change this only together with a run of its test.
 */
final class MinimaProgram extends Kernel {
    /** 2^61 - 1. */
    private static final long MODULUS = 0x1FFFFFFFFFFFFFFFL;

    private final long[] factors;
    private final long[] offsets;
    private final int permutations;
    private final long[] hashes;
    private final int[] starts;
    private final long[] minima;
    private final int groups;
    private final int width;

    /**
     * @param factors a of each permutation
     * @param offsets b of each permutation
     * @param hashes buffer for the hashes of all segments
     * @param starts buffer for the first index of each segment, and after them the end of the last
     * @param minima buffer for the results, {@code (segments, permutations)}
     * @param groups groups of a segment
     * @param width items of a group
     */
    MinimaProgram(long[] factors, long[] offsets, long[] hashes, int[] starts, long[] minima, int groups, int width) {
        this.factors = factors;
        this.offsets = offsets;
        this.permutations = factors.length;
        this.hashes = hashes;
        this.starts = starts;
        this.minima = minima;
        this.groups = groups;
        this.width = width;
    }

    @Override
    public void run() {
        int group = getGroupId();
        int segment = group / groups;
        int permutation = (group - segment * groups) * width + getLocalId();
        if (permutation < permutations) {
            long a = factors[permutation];
            long b = offsets[permutation];
            int end = starts[segment + 1];
            long least = MODULUS;
            for (int i = starts[segment]; i < end; i++) {
                long v = hashes[i] * a + b;
                long above = (v & MODULUS) + (v >>> 61) - MODULUS;
                long difference = above + (MODULUS & (above >> 63)) - least;
                least = least + (difference & (difference >> 63));
            }
            minima[segment * permutations + permutation] = least;
        }
    }
}
