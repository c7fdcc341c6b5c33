package io.peregrine.mixture.shard;

import io.peregrine.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sequence of a shard. The arrays belong to the row from the moment it is made: nobody writes to them any more,
 * neither who made it nor who asks for them.
 */
public final class ShardRow {
    private final long seqOrd;
    private final byte[] tokens;
    private final int nTok;
    private final int[] docEnds;
    private final boolean firstIsContinuation;
    private final List<String> docIds;

    /**
     * @param seqOrd number of the sequence in its stream, {@code >= 0}
     * @param tokens token ids as bytes
     * @param nTok how many ids, {@code > 0}
     * @param docEnds exclusive ends of the documents, rising; the last is {@code nTok}
     * @param firstIsContinuation whether the first document began in an earlier sequence
     * @param docIds ids of the documents, one per end
     * @throws DataException if these do not fit each other
     */
    public ShardRow(
            long seqOrd, byte[] tokens, int nTok, int[] docEnds, boolean firstIsContinuation, List<String> docIds) {
        this.seqOrd = seqOrd;
        this.tokens = tokens;
        this.nTok = nTok;
        this.docEnds = docEnds;
        this.firstIsContinuation = firstIsContinuation;
        this.docIds = List.copyOf(docIds);
        boolean wide = tokens.length == (long) nTok * Integer.BYTES;
        require(seqOrd >= 0, "a number below 0");
        require(nTok > 0 && (wide || tokens.length == (long) nTok * Short.BYTES), "tokens of a wrong size");
        require(docEnds.length > 0 && docEnds[docEnds.length - 1] == nTok, "documents that do not end with the tokens");
        require(docEnds.length == docIds.size(), "not one id per document");
        for (int i = 0; i < docEnds.length; i++) {
            require(docEnds[i] > (i == 0 ? 0 : docEnds[i - 1]), "document ends that do not rise");
        }
    }

    private void require(boolean holds, String fault) {
        if (!holds) {
            throw new DataException("sequence %d has %s: %d bytes of tokens, n_tok %d, doc_ends %s, %d doc_ids"
                    .formatted(seqOrd, fault, tokens.length, nTok, Arrays.toString(docEnds), docIds.size()));
        }
    }

    public long seqOrd() {
        return seqOrd;
    }

    /** Token ids as they are stored. */
    public byte[] tokens() {
        return tokens;
    }

    public int nTok() {
        return nTok;
    }

    /** Exclusive ends of the documents. */
    public int[] docEnds() {
        return docEnds;
    }

    public boolean firstIsContinuation() {
        return firstIsContinuation;
    }

    public List<String> docIds() {
        return docIds;
    }

    /** Token ids as numbers, a fresh array. */
    public int[] tokenIds() {
        return TokenBytes.decode(tokens, tokens.length / nTok);
    }

    /** Puts a sequence together from the pieces of documents in it, in their order. */
    public static final class Builder {
        private final long seqOrd;
        private final int width;
        private final List<byte[]> pieces = new ArrayList<>();
        private final List<String> docIds = new ArrayList<>();
        private boolean firstIsContinuation;

        /**
         * @param seqOrd number of the sequence in its stream
         * @param width bytes per token
         */
        public Builder(long seqOrd, int width) {
            this.seqOrd = seqOrd;
            this.width = width;
        }

        /**
         * Adds a piece.
         *
         * @param docId id of its document
         * @param tokens its tokens as bytes
         * @param from where in the document it begins, in tokens; only the first piece may begin inside
         */
        public Builder add(String docId, byte[] tokens, int from) {
            if (from > 0 && !pieces.isEmpty()) {
                throw new IllegalStateException(
                        "sequence %d: document %s continues at token %d in the middle of the sequence"
                                .formatted(seqOrd, docId, from));
            }
            firstIsContinuation |= from > 0;
            docIds.add(docId);
            pieces.add(tokens);
            return this;
        }

        /** The sequence. */
        public ShardRow build() {
            byte[] tokens =
                    new byte[pieces.stream().mapToInt(piece -> piece.length).sum()];
            int[] docEnds = new int[pieces.size()];
            int end = 0;
            for (int i = 0; i < docEnds.length; i++) {
                byte[] piece = pieces.get(i);
                System.arraycopy(piece, 0, tokens, end, piece.length);
                end += piece.length;
                docEnds[i] = end / width;
            }
            return new ShardRow(seqOrd, tokens, end / width, docEnds, firstIsContinuation, docIds);
        }
    }
}
