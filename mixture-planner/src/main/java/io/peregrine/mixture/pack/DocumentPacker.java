package io.peregrine.mixture.pack;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.PackingMode;

/** Packs the documents of one group. */
public interface DocumentPacker {
    /**
     * Packs documents.
     *
     * @param lengths tokens of each document in the order of the ordinals, each {@code > 0}; not modified
     * @param seed random numbers of this group
     */
    Packing pack(int[] lengths, SeedStream seed);

    /** The packer of a mode for sequences of this length. */
    static DocumentPacker of(PackingMode mode, int sequenceLength) {
        return switch (mode) {
            case BEST_FIT -> new BestFitPacker(sequenceLength);
            case CONCAT -> new ConcatPacker(sequenceLength);
        };
    }

    /** The random numbers of a group of a stream, a child of the plan's. */
    static SeedStream groupSeed(SeedStream planSeeds, String stream, int group) {
        return planSeeds.child("packing").child(stream).child("group-" + group);
    }
}
