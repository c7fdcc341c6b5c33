package io.peregrine.data.dedup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Signatures of many documents at once, on any device: texts are read into shingle hashes here, and a {@link
 * MinimaKernel} does the rest when the batch is full.
 *
 * <p>For one thread. Closing it closes the kernel.
 */
public final class SignatureBatch implements AutoCloseable {
    private final Shingler shingler;
    private final MinimaKernel kernel;
    private long[] hashes;
    private int[] ends = new int[256];
    private final List<Boolean> signed = new ArrayList<>();
    private int documents;
    private int filled;

    public SignatureBatch(MinHashConfig config, MinimaKernel kernel) {
        if (kernel.permutations() != config.hashes()) {
            throw new IllegalArgumentException("a kernel of %d permutations for signatures of %d hashes"
                    .formatted(kernel.permutations(), config.hashes()));
        }
        this.shingler = new Shingler(config.shingleWords(), config.hash());
        this.kernel = kernel;
        this.hashes = new long[kernel.batchHashes()];
    }

    /** Adds a document. */
    public void add(String text) {
        shingler.read(text);
        int count = shingler.count();
        signed.add(count > 0);
        if (count == 0) {
            return;
        }
        if (filled + count > hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(filled + count, 2 * hashes.length));
        }
        System.arraycopy(shingler.hashes(), 0, hashes, filled, count);
        filled += count;
        if (documents == ends.length) {
            ends = Arrays.copyOf(ends, 2 * documents);
        }
        ends[documents++] = filled;
    }

    /** Documents added since the last {@link #take}. */
    public int size() {
        return signed.size();
    }

    /** Whether it is time to {@link #take}. */
    public boolean isFull() {
        return filled >= kernel.batchHashes() || signed.size() >= kernel.batchHashes() / 16;
    }

    /** The signatures of the documents added, in their order, nothing for those that are too short; begins anew. */
    public List<Optional<Signature>> take() {
        int permutations = kernel.permutations();
        long[] minima = new long[documents * permutations];
        if (documents > 0) {
            kernel.minima(hashes, ends, documents, minima);
        }
        List<Optional<Signature>> signatures = new ArrayList<>(signed.size());
        int at = 0;
        for (boolean has : signed) {
            signatures.add(
                    has
                            ? Optional.of(new Signature(Arrays.copyOfRange(minima, at, at += permutations)))
                            : Optional.empty());
        }
        signed.clear();
        documents = 0;
        filled = 0;
        if (hashes.length > 4 * kernel.batchHashes()) {
            hashes = new long[kernel.batchHashes()];
        }
        return signatures;
    }

    @Override
    public void close() {
        kernel.close();
    }
}
