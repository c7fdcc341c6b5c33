package io.peregrine.data.dedup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The MinHash signature of one document: the minimum of each permutation, in bands of equal size.
 *
 * <p>Two documents of Jaccard similarity s share a band of r hashes, of b bands, with probability 1 - (1 - s^r)^b (Leskovec,
 * Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
 */
public final class Signature {
    private final long[] minima;

    Signature(long[] minima) {
        if (minima.length == 0) {
            throw new IllegalArgumentException("a signature has at least one hash");
        }
        this.minima = minima;
    }

    /** How many minima there are. */
    public int hashes() {
        return minima.length;
    }

    /** The minimum of one permutation, from 0. */
    public long minimum(int permutation) {
        return minima[permutation];
    }

    /**
     * A 64-bit name of the values of each band, in order of the bands; equal bands have equal keys. Different ones
     * almost never have, and then the similarity of the pair tells.
     *
     * @param rows hashes of a band
     */
    public List<Long> bandKeys(int rows) {
        byte[] bytes = toBytes();
        int bandBytes = rows * Long.BYTES;
        return IntStream.range(0, minima.length / rows)
                .mapToObj(band -> XxHash64.hash(band, bytes, band * bandBytes, (band + 1) * bandBytes))
                .toList();
    }

    /**
     * Estimated Jaccard similarity of the two documents, 0..1: the share of equal minima. Its standard error is the root
     * of s (1 - s) / hashes, at most 0.048 for 112.
     */
    public double similarity(Signature other) {
        if (other.minima.length != minima.length) {
            throw new IllegalArgumentException(
                    "signatures of %d and %d hashes cannot be compared".formatted(minima.length, other.minima.length));
        }
        int equal = 0;
        for (int i = 0; i < minima.length; i++) {
            equal += minima[i] == other.minima[i] ? 1 : 0;
        }
        return (double) equal / minima.length;
    }

    /** The minima in order, each as 8 bytes, low byte first. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(minima.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(minima);
        return bytes.array();
    }

    /** The signature that {@link #toBytes} wrote. */
    public static Signature ofBytes(byte[] bytes) {
        if (bytes.length % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "signature of %d bytes: must be a multiple of 8".formatted(bytes.length));
        }
        long[] minima = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(minima);
        return new Signature(minima);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature signature && Arrays.equals(minima, signature.minima);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(minima);
    }
}
