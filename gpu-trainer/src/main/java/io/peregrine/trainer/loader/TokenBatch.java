package io.peregrine.trainer.loader;

/**
 * Token sequences side by side, with the documents they are made of.
 *
 * <p>The target of column {@code j} is the token of column {@code j + 1} of the same row, if both belong to the same
 * document; there is none for the last token of a document and for padding. Documents never see each other.
 *
 * <p>Thread: not modified after construction. Ownership: the arrays are the batch's own and must not be written.
 */
public final class TokenBatch {
    /** Segment of a column behind the last document. */
    public static final int PADDING = -1;

    private final int batch;
    private final int seqLen;
    private final int[] inputIds;
    private final int[] segmentIds;

    /**
     * @param batch number of sequences, at least 1
     * @param seqLen columns of each sequence, at least 1
     * @param inputIds token ids, {@code (batch, seqLen)} row-major; taken over, not copied
     * @param segmentIds index of the document inside its row, {@link #PADDING} for padding, which comes last in a row
     *     and has token id 0; {@code (batch, seqLen)} row-major; taken over, not copied
     */
    public TokenBatch(int batch, int seqLen, int[] inputIds, int[] segmentIds) {
        if (batch < 1 || seqLen < 1) {
            throw new IllegalArgumentException("batch %d, seqLen %d: both must be at least 1".formatted(batch, seqLen));
        }
        long columns = (long) batch * seqLen;
        if (inputIds.length != columns || segmentIds.length != columns) {
            throw new IllegalArgumentException("%d ids and %d segments for a batch of %d x %d"
                    .formatted(inputIds.length, segmentIds.length, batch, seqLen));
        }
        this.batch = batch;
        this.seqLen = seqLen;
        this.inputIds = inputIds;
        this.segmentIds = segmentIds;
    }

    /** Whole rows of one document each: no padding, no boundaries. */
    public static TokenBatch ofWholeRows(int batch, int seqLen, int[] inputIds) {
        return new TokenBatch(batch, seqLen, inputIds, new int[inputIds.length]);
    }

    public int batch() {
        return batch;
    }

    public int seqLen() {
        return seqLen;
    }

    /** Token ids, {@code (batch, seqLen)} row-major; not to be written. */
    public int[] inputIds() {
        return inputIds;
    }

    /** Index of the document inside its row, {@link #PADDING} for padding; {@code (batch, seqLen)}; not to be written. */
    public int[] segmentIds() {
        return segmentIds;
    }

    /** Whether the column predicts the one to its right. */
    public boolean predicts(int row, int column) {
        int at = row * seqLen + column;
        return column + 1 < seqLen && segmentIds[at] != PADDING && segmentIds[at] == segmentIds[at + 1];
    }

    /** How many columns have a target. */
    public long predictions() {
        long predictions = 0;
        for (int row = 0; row < batch; row++) {
            for (int column = 0; column < seqLen; column++) {
                predictions += predicts(row, column) ? 1 : 0;
            }
        }
        return predictions;
    }

    /** How many columns are not padding. */
    public long tokens() {
        long tokens = 0;
        for (int segment : segmentIds) {
            tokens += segment == PADDING ? 0 : 1;
        }
        return tokens;
    }

    /** Some of the rows, as a batch of their own. */
    public TokenBatch rows(int from, int to) {
        int begin = from * seqLen;
        int end = to * seqLen;
        return new TokenBatch(
                to - from,
                seqLen,
                java.util.Arrays.copyOfRange(inputIds, begin, end),
                java.util.Arrays.copyOfRange(segmentIds, begin, end));
    }
}
