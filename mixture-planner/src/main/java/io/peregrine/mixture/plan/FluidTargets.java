package io.peregrine.mixture.plan;

/**
 * What each stream would have given by the beginning of each block if sequences could be divided: the sum of share times
 * block size, exactly, as whole sequences and parts per billion of the next.
 */
public final class FluidTargets {
    private final long[][] whole;
    private final int[][] fraction;

    private FluidTargets(long[][] whole, int[][] fraction) {
        this.whole = whole;
        this.fraction = fraction;
    }

    /**
     * Adds up a schedule.
     *
     * @throws IllegalArgumentException if the shares of a block do not sum to a billion
     */
    public static FluidTargets of(WeightSchedule schedule) {
        int blocks = schedule.blocks();
        int streams = schedule.streams();
        long[][] whole = new long[streams][blocks + 1];
        int[][] fraction = new int[streams][blocks + 1];
        for (int block = 0; block < blocks; block++) {
            long sum = 0;
            for (int stream = 0; stream < streams; stream++) {
                int share = schedule.sharePpb(block, stream);
                if (share < 0) {
                    throw new IllegalArgumentException("block %d, stream %d: share %d".formatted(block, stream, share));
                }
                sum += share;
                long next = fraction[stream][block] + (long) share * schedule.size(block);
                whole[stream][block + 1] = whole[stream][block] + next / Shares.DENOMINATOR;
                fraction[stream][block + 1] = (int) (next % Shares.DENOMINATOR);
            }
            if (sum != Shares.DENOMINATOR) {
                throw new IllegalArgumentException(
                        "block %d: shares sum to %d ppb, must be %d".formatted(block, sum, Shares.DENOMINATOR));
            }
        }
        return new FluidTargets(whole, fraction);
    }

    public int streams() {
        return whole.length;
    }

    public int blocks() {
        return whole[0].length - 1;
    }

    /** Whole sequences of the stream's target before the block; {@code block} may be {@link #blocks()}. */
    public long whole(int block, int stream) {
        return whole[stream][block];
    }

    /** What the target holds beyond {@link #whole}, in parts per billion of a sequence. */
    public int fractionPpb(int block, int stream) {
        return fraction[stream][block];
    }

    /** The target rounded up. */
    public long ceiling(int block, int stream) {
        return whole[stream][block] + (fraction[stream][block] > 0 ? 1 : 0);
    }

    /** The first block, from {@code from} on, before which the whole target is at least this; or the maximum if none. */
    public int reached(long sequences, int from, int stream) {
        long[] targets = whole[stream];
        if (from >= targets.length || targets[targets.length - 1] < sequences) {
            return Integer.MAX_VALUE;
        }
        int low = from;
        int high = targets.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (targets[middle] >= sequences) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
