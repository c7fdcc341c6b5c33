package io.peregrine.trainer.export;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.loader.PackedSequence;
import io.peregrine.trainer.loader.ShardStreams;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences of a plan in training order, read many at a time, so that a shard file is read once for all that are
 * wanted of it even where memory holds no file until the next.
 *
 * <p>Thread: for one thread.
 */
final class PlannedSequences {
    private final SequenceOrder order;
    private final ShardStreams streams;
    private final long end;
    private final int ahead;
    private List<PackedSequence> read = List.of();
    private long readFrom;
    private long position;

    /**
     * @param plan the plan
     * @param streams its shards
     * @param end position behind the last that is wanted
     * @param aheadBytes most tokens read at a time, in bytes; at least one sequence is
     */
    PlannedSequences(MixturePlan plan, ShardStreams streams, long end, long aheadBytes) {
        this.order = new SequenceOrder(plan);
        this.streams = streams;
        this.end = end;
        long sequenceBytes = (long) plan.sequenceLength() * plan.tokenBytes();
        this.ahead = (int) Math.max(1, Math.min(plan.blockSize(), aheadBytes / sequenceBytes));
    }

    /** Goes to a position. */
    void seek(long wanted) {
        position = wanted;
    }

    long position() {
        return position;
    }

    /** The sequence at the position, which is before the end. */
    PackedSequence current() {
        if (position < readFrom || position >= readFrom + read.size()) {
            List<SequenceRef> wanted = new ArrayList<>();
            for (long next = position; next < Math.min(end, position + ahead); next++) {
                wanted.add(order.at(next));
            }
            read = List.of(); // frees what was read before
            read = streams.sequences(wanted);
            readFrom = position;
        }
        return read.get((int) (position - readFrom));
    }

    void advance() {
        position++;
    }
}
