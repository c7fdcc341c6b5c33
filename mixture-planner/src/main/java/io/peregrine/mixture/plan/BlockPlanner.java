package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockCounts;

/**
 * Rounds fluid targets to whole sequences per block so that, at the end of every block, each stream is less than one
 * sequence off its target, for any weights, changing in any way from block to block.
 *
 * <p>Sequence {@code j} of a stream may be given from the first block after which the target's ceiling reaches {@code j}
 * and must be given by the block after which the target's floor does. The fluid schedule is a fractional flow that gives
 * each sequence one unit inside its window and fills each block exactly; such flows have integral solutions, and with
 * release, deadline and unit jobs the earliest deadline first finds one (Tijdeman's chairman assignment at block
 * capacity). Giving to the largest deficit instead can become infeasible, because it does not look at what is due next.
 */
public final class BlockPlanner {
    private final FluidTargets targets;
    private final long[] given;
    private final int[] must;
    private final int[] deadline;

    private BlockPlanner(FluidTargets targets) {
        this.targets = targets;
        this.given = new long[targets.streams()];
        this.must = new int[targets.streams()];
        this.deadline = new int[targets.streams()];
    }

    /**
     * Plans all blocks of a schedule.
     *
     * @throws IllegalStateException if a stream were a whole sequence off, which cannot happen
     */
    public static BlockCounts plan(WeightSchedule schedule) {
        BlockPlanner planner = new BlockPlanner(FluidTargets.of(schedule));
        int[][] counts = new int[schedule.blocks()][];
        for (int block = 0; block < counts.length; block++) {
            counts[block] = planner.next(block, schedule.size(block));
        }
        return BlockCounts.of(counts);
    }

    private int[] next(int block, int size) {
        int streams = targets.streams();
        int free = size;
        for (int stream = 0; stream < streams; stream++) {
            must[stream] = (int) Math.max(0, targets.whole(block + 1, stream) - given[stream]);
            free -= must[stream];
        }
        for (int stream = 0; stream < streams; stream++) {
            long after = given[stream] + must[stream];
            boolean released = targets.ceiling(block + 1, stream) > after;
            deadline[stream] = released ? targets.reached(after + 1, block + 2, stream) : -1;
        }
        int[] count = must.clone();
        for (; free > 0; free--) {
            int urgent = mostUrgent(block);
            count[urgent]++;
            deadline[urgent] = -1;
        }
        for (int stream = 0; stream < streams; stream++) {
            given[stream] += count[stream];
        }
        check(block, free);
        return count;
    }

    /** Among the released: earliest deadline, then largest fraction of the target, then lowest index. */
    private int mostUrgent(int block) {
        int best = -1;
        for (int stream = 0; stream < deadline.length; stream++) {
            if (deadline[stream] < 0) {
                continue;
            }
            boolean earlier = best < 0 || deadline[stream] < deadline[best];
            boolean larger = best >= 0
                    && deadline[stream] == deadline[best]
                    && targets.fractionPpb(block + 1, stream) > targets.fractionPpb(block + 1, best);
            if (earlier || larger) {
                best = stream;
            }
        }
        if (best < 0) {
            throw new IllegalStateException(
                    "block %d: places left, and no stream has a sequence for them".formatted(block));
        }
        return best;
    }

    private void check(int block, int free) {
        for (int stream = 0; stream < given.length; stream++) {
            long n = given[stream];
            if (free < 0 || n < targets.whole(block + 1, stream) || n > targets.ceiling(block + 1, stream)) {
                throw new IllegalStateException(
                        "block %d, stream %d: %d given for a target of %d + %d ppb, %d places left"
                                .formatted(
                                        block,
                                        stream,
                                        n,
                                        targets.whole(block + 1, stream),
                                        targets.fractionPpb(block + 1, stream),
                                        free));
            }
        }
    }
}
