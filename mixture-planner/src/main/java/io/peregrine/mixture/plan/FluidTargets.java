package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlanChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What each stream would have given by the beginning of each block if sequences could be divided: the sum of share times
 * block size, exactly, as whole sequences and parts per billion of the next.
 */
public final class FluidTargets {
    private final long[][] whole;
    private final int[][] fraction;

    /**
     * Adds up a schedule.
     *
     * @throws IllegalArgumentException if the shares of a block do not sum to a billion
     */
    public static FluidTargets of(WeightSchedule schedule) {
        return of(schedule, nothingDue(schedule.streams()));
    }

    /**
     * The targets that a plan's counts follow. At a change that was rebased they begin anew with what had been given.
     *
     * @throws IllegalArgumentException if the shares of a block do not sum to a billion
     */
    public static FluidTargets of(MixturePlan plan) {
        WeightSchedule schedule = WeightSchedule.of(plan);
        FluidTargets targets = new FluidTargets(schedule, nothingDue(schedule.streams()));
        for (int block = 0; block < schedule.blocks(); block++) {
            for (PlanChange change : plan.changes()) {
                if (change.rebased() && change.fromBlock() == block) {
                    targets.beginAnew(block, plan.counts());
                }
            }
            targets.add(schedule, block);
        }
        return targets;
    }

    /** What is due to each stream, in parts per billion of a sequence, if every stream has been given what was its due. */
    static List<Long> nothingDue(int streams) {
        return Collections.nCopies(streams, 0L);
    }

    /**
     * Adds up a schedule that begins with something due.
     *
     * @param duePpb what each stream is still to get, in parts per billion of a sequence; negative if it got more
     */
    static FluidTargets of(WeightSchedule schedule, List<Long> duePpb) {
        FluidTargets targets = new FluidTargets(schedule, duePpb);
        for (int block = 0; block < schedule.blocks(); block++) {
            targets.add(schedule, block);
        }
        return targets;
    }

    private FluidTargets(WeightSchedule schedule, List<Long> duePpb) {
        this.whole = new long[schedule.streams()][schedule.blocks() + 1];
        this.fraction = new int[schedule.streams()][schedule.blocks() + 1];
        for (int stream = 0; stream < whole.length; stream++) {
            whole[stream][0] = Math.floorDiv(duePpb.get(stream), (long) Shares.DENOMINATOR);
            fraction[stream][0] = Math.floorMod(duePpb.get(stream), Shares.DENOMINATOR);
        }
    }

    private void beginAnew(int block, BlockCounts given) {
        for (int stream = 0; stream < whole.length; stream++) {
            whole[stream][block] = given.start(block, stream);
            fraction[stream][block] = 0;
        }
    }

    /** What is due to each stream before a block, beyond what it has been given, in parts per billion of a sequence. */
    List<Long> duePpb(int block, BlockCounts given) {
        List<Long> due = new ArrayList<>();
        for (int stream = 0; stream < whole.length; stream++) {
            due.add((whole[stream][block] - given.start(block, stream)) * Shares.DENOMINATOR + fraction[stream][block]);
        }
        return due;
    }

    private void add(WeightSchedule schedule, int block) {
        int streams = whole.length;
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
