package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixturePlan;
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
        BlockGrid grid = new BlockGrid(totalSequences, blockSize);
        return new PlannedWeights(BlockShares.constant(shares, grid.blocks()), grid);
    }

    /** The shares that a plan's counts follow. */
    static WeightSchedule of(MixturePlan plan) {
        return new PlannedWeights(plan.shares(), BlockGrid.of(plan));
    }

    /** Shares over the blocks of a run. */
    record PlannedWeights(BlockShares shares, BlockGrid grid) implements WeightSchedule {
        public PlannedWeights {
            if (shares.blocks() != grid.blocks()) {
                throw new IllegalArgumentException(
                        "shares of %d blocks for a run of %d".formatted(shares.blocks(), grid.blocks()));
            }
        }

        @Override
        public int streams() {
            return shares.streams();
        }

        @Override
        public int blocks() {
            return grid.blocks();
        }

        @Override
        public int size(int block) {
            return grid.size(block);
        }

        @Override
        public int sharePpb(int block, int stream) {
            return shares.ppb(block, stream);
        }
    }
}
