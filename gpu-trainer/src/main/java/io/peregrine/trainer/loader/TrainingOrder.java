package io.peregrine.trainer.loader;

import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences to train on, in the plan's order: all but those held out.
 *
 * <p>A position counts the plan's sequences, held out or not. From a position everything that follows is a pure
 * function of the plan, whatever was read before.
 *
 * <p>Thread: one (the order keeps its current block).
 */
public final class TrainingOrder {
    private final SequenceOrder order;
    private final HeldOut heldOut;

    /**
     * Sequences and where the next ones begin.
     *
     * @param sequences what to read, in order
     * @param next position behind the last of them
     */
    public record Span(List<SequenceRef> sequences, long next) {
        public Span {
            sequences = List.copyOf(sequences);
        }
    }

    public TrainingOrder(SequenceOrder order, HeldOut heldOut) {
        this.order = order;
        this.heldOut = heldOut;
    }

    /**
     * The next sequences from a position on.
     *
     * @param position where to begin, at least 0
     * @param count how many are wanted
     * @throws io.peregrine.data.DataException if the plan ends before
     */
    public Span from(long position, int count) {
        List<SequenceRef> sequences = new ArrayList<>(count);
        long next = position;
        while (sequences.size() < count) {
            SequenceRef sequence = order.at(next++);
            if (!heldOut.contains(sequence.stream(), sequence.row())) {
                sequences.add(sequence);
            }
        }
        return new Span(sequences, next);
    }

    /** How many sequences there are to train on in the whole plan. */
    public long size() {
        long size = 0;
        for (long position = 0; position < order.totalSequences(); position++) {
            SequenceRef sequence = order.at(position);
            size += heldOut.contains(sequence.stream(), sequence.row()) ? 0 : 1;
        }
        return size;
    }
}
