package io.peregrine.mixture.plan;

import java.util.List;

/** Which share of the sequences each stream has in each block, in parts per billion that sum to a billion. */
public interface WeightSchedule {
    int streams();

    int blocks();

    /** Sequences of the block, {@code > 0}. */
    int size(int block);

    /** The stream's share of the block. */
    int sharePpb(int block, int stream);

    /** Constant weights over so many sequences, in blocks of this size; the last block may be shorter. */
    static WeightSchedule constant(List<Integer> shares, long totalSequences, int blockSize) {
        return new ConstantWeights(shares, totalSequences, blockSize);
    }

    /**
     * One weight per stream for the whole plan.
     *
     * @param shares parts per billion
     * @param totalSequences sequences of the plan, {@code > 0}
     * @param blockSize sequences per block
     */
    record ConstantWeights(List<Integer> shares, long totalSequences, int blockSize) implements WeightSchedule {
        public ConstantWeights {
            shares = List.copyOf(shares);
            if (totalSequences <= 0 || blockSize <= 0) {
                throw new IllegalArgumentException(
                        "%d sequences in blocks of %d: must be > 0".formatted(totalSequences, blockSize));
            }
        }

        @Override
        public int streams() {
            return shares.size();
        }

        @Override
        public int blocks() {
            return Math.toIntExact((totalSequences + blockSize - 1) / blockSize);
        }

        @Override
        public int size(int block) {
            return (int) Math.min(blockSize, totalSequences - (long) block * blockSize);
        }

        @Override
        public int sharePpb(int block, int stream) {
            return shares.get(stream);
        }
    }
}
