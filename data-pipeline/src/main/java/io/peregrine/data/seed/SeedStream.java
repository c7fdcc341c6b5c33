package io.peregrine.data.seed;

import java.nio.charset.StandardCharsets;

/**
 * A named stream of random numbers, a pure function of the run's seed and the names on the way to it.
 *
 * <p>{@link #hash} draws by counter and has no state: the number that belongs to document 7 is the same whoever asks,
 * and in whatever order. The {@code next} methods walk through the stream and do have state; they are for loops that one
 * thread runs from beginning to end. A child does not depend on how far its parent has been walked.
 *
 * <p>The mixing function is the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, section 4).
 *
 * <p>Thread: {@link #child} and {@link #hash} are safe everywhere, the {@code next} methods for one thread only.
 */
public final class SeedStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final double DOUBLE_UNIT = 0x1.0p-53;

    private final long key;
    private long walked;

    private SeedStream(long key) {
        this.key = key;
    }

    /** The stream of a run's seed. */
    public static SeedStream of(long seed) {
        return new SeedStream(mix(seed + GOLDEN_GAMMA));
    }

    /** The stream of one use, for example {@code "init"} or {@code "shuffle/epoch-3"}. */
    public SeedStream child(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return new SeedStream(mix(key ^ mix(hash)));
    }

    /** The number that belongs to these counters. Changes nothing here. */
    public long hash(long... counters) {
        long h = key;
        for (long counter : counters) {
            h = mix(h + GOLDEN_GAMMA + mix(counter + GOLDEN_GAMMA));
        }
        return h;
    }

    /** The next 64 bits. */
    public long nextLong() {
        walked += GOLDEN_GAMMA;
        return mix(key + walked);
    }

    /** The next number in {@code [0, bound)}, without bias. */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound = %d: must be > 0".formatted(bound));
        }
        // Multiply-and-shift with rejection (Lemire, ACM TOMACS 2019): exact for every bound.
        long product = (nextLong() >>> 32) * bound;
        long low = product & 0xFFFFFFFFL;
        long threshold = (1L << 32) % bound;
        while (low < threshold) {
            product = (nextLong() >>> 32) * bound;
            low = product & 0xFFFFFFFFL;
        }
        return (int) (product >>> 32);
    }

    /** The next number in {@code [0, 1)}, a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * DOUBLE_UNIT;
    }

    /** The next draw of the standard normal distribution (Box and Muller; the second number of a pair is not kept). */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }

    /** The seed itself, mixed: what a fingerprint or a key for another generator takes. */
    public long key() {
        return key;
    }

    /** The finalizer: a bijection of 64 bits in which every input bit reaches every output bit. */
    public static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
