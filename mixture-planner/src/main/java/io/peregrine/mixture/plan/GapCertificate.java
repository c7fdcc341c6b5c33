package io.peregrine.mixture.plan;

import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.MixturePlan;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * How many positions lie at least between two exposures of the same sequence: a bound that follows from the plan alone.
 *
 * <p>A sequence that is the stream's ordinal {@code n} comes again not before ordinal {@code n + N - (w - 1)}, with
 * {@code N} sequences per epoch and windows of {@code w}. Inside a block of {@code B} positions with {@code c} of the
 * stream, occurrence {@code j} has its key between {@code j/c} and {@code (j+1)/c}, and so has at least {@code j B/c - K}
 * and at most {@code (j+1) B/c + K} positions before it, with {@code K} one less than the number of streams. Both bounds
 * are linear in {@code j}, so the smallest difference lies where one of the two ordinals enters or leaves a block: the
 * cost is the number of blocks, whatever the number of sequences.
 */
public final class GapCertificate {
    private final MixturePlan plan;
    private final BlockCounts counts;
    private final int stream;
    private final long slack;

    private GapCertificate(MixturePlan plan, int stream) {
        this.plan = plan;
        this.counts = plan.counts();
        this.stream = stream;
        // Above 2^15 occurrences the keys' last bit no longer separates two strata, and a neighbour may slip in.
        this.slack = (plan.blockSize() > 1 << 15 ? 2L : 1L) * (counts.streams() - 1);
    }

    /** The bound for a stream, or nothing if the plan repeats none of its sequences. */
    public static OptionalLong of(MixturePlan plan, int stream) {
        return new GapCertificate(plan, stream).bound();
    }

    /**
     * The bound for streams that hold versions of the same documents: between an exposure of a sequence and the next
     * exposure of the same, or of any sequence of another of the streams. Which of them holds a version of which document
     * is not known to a plan, so any may. Nothing if the plan never comes back to them.
     *
     * @param streams indexes of streams of the plan
     */
    public static OptionalLong ofGroup(MixturePlan plan, List<Integer> streams) {
        List<GapCertificate> all =
                streams.stream().map(stream -> new GapCertificate(plan, stream)).toList();
        LongStream own = all.stream().map(GapCertificate::bound).flatMapToLong(OptionalLong::stream);
        return LongStream.concat(own, between(plan, all).stream()).min();
    }

    /** The bound between exposures of different streams: where two share a block, or from one block to the next that has another. */
    private static OptionalLong between(MixturePlan plan, List<GapCertificate> streams) {
        long least = Long.MAX_VALUE;
        GapCertificate last = null;
        int lastBlock = -1;
        for (int block = 0; block < plan.counts().blocks(); block++) {
            for (GapCertificate next : streams) {
                if (plan.counts().count(block, next.stream) == 0) {
                    continue;
                }
                if (lastBlock == block) {
                    return OptionalLong.of(1);
                }
                if (last != null && last != next) {
                    long end = plan.counts().start(lastBlock + 1, last.stream) - 1;
                    long gap =
                            next.earliest(plan.counts().start(block, next.stream), block) - last.latest(end, lastBlock);
                    least = Math.min(least, Math.max(gap, 1));
                }
                last = next;
                lastBlock = block;
            }
        }
        return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
    }

    private OptionalLong bound() {
        long epoch = plan.streams().get(stream).sequences();
        long distance = epoch - Math.max(0, Math.min(plan.windowSequences(), epoch) - 1);
        long total = counts.total(stream);
        if (total <= epoch) {
            return OptionalLong.empty();
        }
        long least = Long.MAX_VALUE;
        int later = 0;
        int block = 0;
        long n = 0;
        // Walks over the pieces in which n stays in one block and n + distance in one: looks at both ends of each.
        while (n + distance < total) {
            block = blockOf(n, block);
            later = blockOf(n + distance, later);
            long end = Math.min(counts.start(block + 1, stream), counts.start(later + 1, stream) - distance);
            least = Math.min(least, earliest(n + distance, later) - latest(n, block));
            least = Math.min(least, earliest(end - 1 + distance, later) - latest(end - 1, block));
            n = end;
        }
        return OptionalLong.of(Math.max(least, 1));
    }

    private int blockOf(long ordinal, int from) {
        int block = from;
        while (counts.start(block + 1, stream) <= ordinal) {
            block++;
        }
        return block;
    }

    private long earliest(long ordinal, int block) {
        long occurrence = ordinal - counts.start(block, stream);
        long inside = occurrence * counts.size(block) / counts.count(block, stream) - slack;
        return (long) block * plan.blockSize() + inside;
    }

    private long latest(long ordinal, int block) {
        long occurrence = ordinal - counts.start(block, stream);
        int count = counts.count(block, stream);
        int size = counts.size(block);
        long inside = ((occurrence + 1) * size + count - 1) / count - 1 + slack;
        return (long) block * plan.blockSize() + inside;
    }
}
