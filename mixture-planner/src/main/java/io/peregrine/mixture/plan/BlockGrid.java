package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixturePlan;
import java.math.BigInteger;

/**
 * How a run is cut into blocks: all of one size but the last, which may be shorter.
 *
 * @param totalSequences sequences of the run, {@code > 0}
 * @param blockSize sequences per block, {@code > 0}
 */
record BlockGrid(long totalSequences, int blockSize) {
    BlockGrid {
        if (totalSequences <= 0 || blockSize <= 0) {
            throw new IllegalArgumentException(
                    "%d sequences in blocks of %d: must be > 0".formatted(totalSequences, blockSize));
        }
    }

    static BlockGrid of(MixturePlan plan) {
        return new BlockGrid(plan.totalSequences(), plan.blockSize());
    }

    int blocks() {
        return Math.toIntExact((totalSequences + blockSize - 1) / blockSize);
    }

    /** Sequences of a block. */
    int size(int block) {
        return Math.toIntExact(sequences(block, block + 1));
    }

    /** What a stream is due of all blocks by these shares, in parts per billion of a sequence. */
    BigInteger duePpb(BlockShares shares, int stream) {
        BigInteger due = BigInteger.ZERO;
        for (int block = 0; block < blocks(); block = shares.runEnd(block)) {
            due = due.add(BigInteger.valueOf(sequences(block, shares.runEnd(block)))
                    .multiply(BigInteger.valueOf(shares.ppb(block, stream))));
        }
        return due;
    }

    /** Sequences of the blocks {@code from..to-1}. */
    long sequences(int from, int to) {
        return Math.min((long) to * blockSize, totalSequences) - Math.min((long) from * blockSize, totalSequences);
    }
}
