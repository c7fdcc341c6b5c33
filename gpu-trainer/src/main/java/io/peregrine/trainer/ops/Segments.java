package io.peregrine.trainer.ops;

/**
 * Where the document of each token begins: what a token may look back to.
 *
 * <p>Thread: immutable.
 */
public final class Segments {
    private final int batch;
    private final int seqLen;
    private final int[] starts;

    private Segments(int batch, int seqLen, int[] starts) {
        this.batch = batch;
        this.seqLen = seqLen;
        this.starts = starts;
    }

    /** Each sequence as one document. */
    public static Segments whole(int batch, int seqLen) {
        return new Segments(batch, seqLen, new int[batch * seqLen]);
    }

    /** A document begins wherever the id differs from the id to its left. */
    public static Segments of(int batch, int seqLen, int[] segmentIds) {
        int[] starts = new int[batch * seqLen];
        for (int i = 0; i < starts.length; i++) {
            int position = i % seqLen;
            boolean continues = position > 0 && segmentIds[i] == segmentIds[i - 1];
            starts[i] = continues ? starts[i - 1] : position;
        }
        return new Segments(batch, seqLen, starts);
    }

    /** {@link #start} of every token, {@code (batch * seqLen)}. */
    public int[] starts() {
        return starts.clone();
    }

    /** One past the last position of every token's document, {@code (batch * seqLen)}. */
    public int[] ends() {
        int[] ends = new int[starts.length];
        for (int i = starts.length - 1; i >= 0; i--) {
            int position = i % seqLen;
            boolean last = position == seqLen - 1 || starts[i + 1] != starts[i];
            ends[i] = last ? position + 1 : ends[i + 1];
        }
        return ends;
    }

    /** Number of sequences. */
    public int batch() {
        return batch;
    }

    /** Tokens per sequence. */
    public int seqLen() {
        return seqLen;
    }

    /** Position in its sequence at which the document of a token begins, {@code <= position}. */
    public int start(int sequence, int position) {
        return starts[sequence * seqLen + position];
    }
}
