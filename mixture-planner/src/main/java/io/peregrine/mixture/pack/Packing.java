package io.peregrine.mixture.pack;

import java.util.Arrays;

/**
 * How the documents of a group lie in its sequences: every token in exactly one piece, and the pieces of a document in
 * the order of its sequences. Documents and sequences are numbered from 0 inside the group.
 */
public final class Packing {
    private final int[] firstPiece;
    private final int[] sequence;
    private final int[] from;
    private final int[] length;
    private final int[] slot;
    private final int sequences;
    private final long tokens;

    private Packing(Pieces pieces, int sequences) {
        this.firstPiece = pieces.firstPiece;
        this.sequence = Arrays.copyOf(pieces.sequence, pieces.size);
        this.from = Arrays.copyOf(pieces.from, pieces.size);
        this.length = Arrays.copyOf(pieces.length, pieces.size);
        this.slot = new int[pieces.size];
        this.sequences = sequences;
        int[] filled = new int[sequences];
        long sum = 0;
        for (int piece = 0; piece < slot.length; piece++) {
            slot[piece] = filled[sequence[piece]]++;
            sum += length[piece];
        }
        this.tokens = sum;
    }

    public int documents() {
        return firstPiece.length - 1;
    }

    public int sequences() {
        return sequences;
    }

    public long tokens() {
        return tokens;
    }

    public int pieces() {
        return slot.length;
    }

    /** The first piece of a document; {@code document} may be {@link #documents()}. Its pieces follow each other. */
    public int firstPiece(int document) {
        return firstPiece[document];
    }

    /** The sequence a piece is in. */
    public int sequence(int piece) {
        return sequence[piece];
    }

    /** The piece's place among those of its sequence, from 0. */
    public int slot(int piece) {
        return slot[piece];
    }

    /** Where in its document a piece begins, in tokens. */
    public int from(int piece) {
        return from[piece];
    }

    /** Tokens of a piece, {@code > 0}. */
    public int length(int piece) {
        return length[piece];
    }

    /** Collects pieces, documents in order. */
    static final class Pieces {
        private final int[] firstPiece;
        private int[] sequence = new int[16];
        private int[] from = new int[16];
        private int[] length = new int[16];
        private int documents;
        private int size;

        Pieces(int documents) {
            this.firstPiece = new int[documents + 1];
        }

        /** Adds a piece to the current document. */
        void add(int pieceSequence, int pieceFrom, int pieceLength) {
            if (size == sequence.length) {
                int more = Math.addExact(size, size / 2);
                sequence = Arrays.copyOf(sequence, more);
                from = Arrays.copyOf(from, more);
                length = Arrays.copyOf(length, more);
            }
            sequence[size] = pieceSequence;
            from[size] = pieceFrom;
            length[size] = pieceLength;
            size++;
        }

        /** Ends the current document. */
        void endDocument() {
            firstPiece[++documents] = size;
        }

        Packing build(int sequences) {
            return new Packing(this, sequences);
        }
    }
}
