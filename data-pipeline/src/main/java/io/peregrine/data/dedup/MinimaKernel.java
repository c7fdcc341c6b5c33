package io.peregrine.data.dedup;

/**
 * Computes the minima of signatures from shingle hashes, for a batch of documents. Every implementation gives the same
 * bits. For one thread.
 */
public interface MinimaKernel extends AutoCloseable {
    /** Number of permutations, and of minima of a document. */
    int permutations();

    /** Hashes that one call should have, so that it takes much longer than calling. */
    int batchHashes();

    /**
     * Computes the minima of each document.
     *
     * @param hashes shingle hashes of all documents, one document after the other; not changed
     * @param ends for each document, the index after its last hash; a document has at least one
     * @param documents how many documents there are
     * @param minima overwritten: {@link #permutations} values for each document, in order
     */
    void minima(long[] hashes, int[] ends, int documents, long[] minima);

    @Override
    void close();
}
