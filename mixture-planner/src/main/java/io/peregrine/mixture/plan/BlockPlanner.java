package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockCounts;
import java.util.List;
import java.util.Optional;

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
        return plan(schedule, FluidTargets.nothingDue(schedule.streams()))
                .orElseThrow(() -> new IllegalStateException("what begins with nothing due can be planned"));
    }

    /**
     * Plans all blocks of a schedule that nobody knew of when the blocks before it were planned.
     *
     * @param duePpb what the blocks before it leave due to each stream, in parts per billion of a sequence
     * @return nothing if some block cannot give what is due in it, which the blocks before it could have prevented
     */
    static Optional<BlockCounts> plan(WeightSchedule schedule, List<Long> duePpb) {
        BlockPlanner planner = new BlockPlanner(FluidTargets.of(schedule, duePpb));
        int[][] counts = new int[schedule.blocks()][];
        for (int block = 0; block < counts.length; block++) {
            Optional<int[]> next = planner.next(block, schedule.size(block));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            counts[block] = next.get();
        }
        return Optional.of(BlockCounts.of(counts));
    }

    private Optional<int[]> next(int block, int size) {
        int streams = targets.streams();
        int free = size;
        for (int stream = 0; stream < streams; stream++) {
            must[stream] = (int) Math.max(0, targets.whole(block + 1, stream) - given[stream]);
            free -= must[stream];
        }
        if (free < 0) {
            return Optional.empty();
        }
        for (int stream = 0; stream < streams; stream++) {
            long after = given[stream] + must[stream];
            boolean released = targets.ceiling(block + 1, stream) > after;
            deadline[stream] = released ? targets.reached(after + 1, block + 2, stream) : -1;
        }
        int[] count = must.clone();
        for (; free > 0; free--) {
            int urgent = mostUrgent(block);
            if (urgent < 0) {
                return Optional.empty();
            }
            count[urgent]++;
            deadline[urgent] = -1;
        }
        for (int stream = 0; stream < streams; stream++) {
            given[stream] += count[stream];
        }
        check(block);
        return Optional.of(count);
    }

    /** Among the released: earliest deadline, then largest fraction of the target, then lowest index; -1 if there is none. */
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
        return best;
    }

    private void check(int block) {
        for (int stream = 0; stream < given.length; stream++) {
            long n = given[stream];
            if (n < targets.whole(block + 1, stream) || n > targets.ceiling(block + 1, stream)) {
                throw new IllegalStateException("block %d, stream %d: %d given for a target of %d + %d ppb"
                        .formatted(
                                block,
                                stream,
                                n,
                                targets.whole(block + 1, stream),
                                targets.fractionPpb(block + 1, stream)));
            }
        }
    }
}
