package io.peregrine.trainer.loader;

import java.util.Arrays;

/**
 * A sequence as the shards store it: packed token ids, and where its documents end.
 *
 * <p>Thread: not modified after construction. Ownership: the arrays are the sequence's own and must not be written.
 */
public final class PackedSequence {
    private final byte[] tokens;
    private final int[] docEnds;

    /**
     * @param tokens ids of 2 or 4 bytes each, little-endian; taken over, not copied
     * @param docEnds exclusive ends of the documents in tokens, rising; the last is the sequence's length; taken over
     */
    public PackedSequence(byte[] tokens, int[] docEnds) {
        int length = docEnds.length == 0 ? 0 : docEnds[docEnds.length - 1];
        boolean narrow = tokens.length == (long) length * Short.BYTES;
        if (length < 1 || !(narrow || tokens.length == (long) length * Integer.BYTES)) {
            throw new IllegalArgumentException(
                    "%d bytes of tokens with the document ends %s".formatted(tokens.length, Arrays.toString(docEnds)));
        }
        this.tokens = tokens;
        this.docEnds = docEnds;
    }

    /** How many tokens there are, at least 1. */
    public int length() {
        return docEnds[docEnds.length - 1];
    }

    /** Bytes per token, 2 or 4. */
    public int tokenBytes() {
        return tokens.length / length();
    }

    /** The packed ids; not to be written. */
    public byte[] tokens() {
        return tokens;
    }

    /** Exclusive ends of the documents; not to be written. */
    public int[] docEnds() {
        return docEnds;
    }
}
