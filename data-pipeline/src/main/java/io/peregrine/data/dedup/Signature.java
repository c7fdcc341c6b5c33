package io.peregrine.data.dedup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The MinHash signature of one document: {@value #HASHES} minima, in {@value #BANDS} bands of {@value #ROWS}.
 *
 * <p>Two documents of Jaccard similarity s share a band with probability 1 - (1 - s^8)^14, so that half of the pairs at
 * s = 0.68 do (FineWeb, arXiv:2406.17557, appendix E.1).
 */
public final class Signature {
    public static final int BANDS = 14;
    public static final int ROWS = 8;
    public static final int HASHES = BANDS * ROWS;
    /** Length of {@link #toBytes}. */
    public static final int BYTES = HASHES * Long.BYTES;

    private static final int BAND_BYTES = ROWS * Long.BYTES;

    private final long[] minima;

    Signature(long[] minima) {
        if (minima.length != HASHES) {
            throw new IllegalArgumentException("%d minima: must be %d".formatted(minima.length, HASHES));
        }
        this.minima = minima;
    }

    /** The minimum of one permutation, 0 to {@value #HASHES} - 1. */
    public long minimum(int permutation) {
        return minima[permutation];
    }

    /**
     * A 64-bit name of the values of each band, in order of the bands; equal bands have equal keys. Different ones
     * almost never have, and then the similarity of the pair tells.
     */
    public List<Long> bandKeys() {
        byte[] bytes = toBytes();
        return IntStream.range(0, BANDS)
                .mapToObj(band -> XxHash64.hash(band, bytes, band * BAND_BYTES, (band + 1) * BAND_BYTES))
                .toList();
    }

    /** Estimated Jaccard similarity of the two documents, 0..1: the share of equal minima; standard error <= 0.048. */
    public double similarity(Signature other) {
        int equal = 0;
        for (int i = 0; i < HASHES; i++) {
            equal += minima[i] == other.minima[i] ? 1 : 0;
        }
        return (double) equal / HASHES;
    }

    /** The minima in order, each as 8 bytes, low byte first. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(minima);
        return bytes.array();
    }

    /** The signature that {@link #toBytes} wrote. */
    public static Signature ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("signature of %d bytes: must have %d".formatted(bytes.length, BYTES));
        }
        long[] minima = new long[HASHES];
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
