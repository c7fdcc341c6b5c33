package io.peregrine.mixture.order;

import io.peregrine.data.seed.SeedStream;

/**
 * The order of a stream's sequences in one of its epochs: the packed order, shuffled inside windows of fixed size. As a
 * sequence never leaves its window, its repeats stay at least one epoch minus one window apart.
 *
 * <p>Inside a window: a Feistel network of four rounds over the next power of four, walked along its cycle until it comes
 * back into the window (Black and Rogaway, CT-RSA 2002). No table, so any sequence of any epoch costs the same.
 */
final class WindowPermutation {
    private static final int ROUNDS = 4;

    private final long sequences;
    private final long window;
    private final SeedStream seed;

    /**
     * @param sequences sequences of the stream, {@code > 0}
     * @param window sequences of a window; 0 and 1 keep the packed order
     * @param seed random numbers of the stream
     */
    WindowPermutation(long sequences, long window, SeedStream seed) {
        this.sequences = sequences;
        this.window = Math.max(1, Math.min(window, sequences));
        this.seed = seed;
    }

    /** The row at an index of an epoch; for each epoch a bijection of {@code 0..sequences-1}. */
    long row(long epoch, long index) {
        long first = index - index % window;
        long size = Math.min(window, sequences - first);
        return size == 1 ? index : first + permuted(seed.hash(epoch, first), size, index - first);
    }

    private static long permuted(long key, long size, long index) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
        int half = (bits + 1) / 2;
        long value = index;
        do {
            value = feistel(key, half, value);
        } while (value >= size);
        return value;
    }

    private static long feistel(long key, int half, long value) {
        long mask = (1L << half) - 1;
        long left = value >>> half;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ (SeedStream.mix(key + SeedStream.mix((right << 3) + round)) & mask);
            left = right;
            right = mixed;
        }
        return left << half | right;
    }
}
