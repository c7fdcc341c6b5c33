package io.peregrine.mixture.pack;

import io.peregrine.data.seed.SeedStream;

/**
 * Documents one after the other, cut wherever a sequence is full: all sequences of the group but the last are full, and
 * about as many documents are cut as there are sequences. The order is that of the documents, so no random numbers.
 */
final class ConcatPacker implements DocumentPacker {
    private final int sequenceLength;

    ConcatPacker(int sequenceLength) {
        this.sequenceLength = sequenceLength;
    }

    @Override
    public Packing pack(int[] lengths, SeedStream seed) {
        Packing.Pieces pieces = new Packing.Pieces(lengths.length);
        int sequence = 0;
        int filled = 0;
        for (int documentLength : lengths) {
            for (int from = 0; from < documentLength; ) {
                if (filled == sequenceLength) {
                    sequence = Math.incrementExact(sequence);
                    filled = 0;
                }
                int length = Math.min(documentLength - from, sequenceLength - filled);
                pieces.add(sequence, from, length);
                from += length;
                filled += length;
            }
            pieces.endDocument();
        }
        return pieces.build(filled > 0 ? sequence + 1 : 0);
    }
}
