package io.peregrine.trainer.loader;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences to train on, in the plan's order: all but those held out, and those of skipped blocks.
 *
 * <p>A position counts the plan's sequences, trained on or not. From a position everything that follows is a pure
 * function of the plan, whatever was read before.
 *
 * <p>Thread: one (the order keeps its current block).
 */
public final class TrainingOrder implements ReadingOrder {
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

    @Override
    public Span from(long position, int count) {
        List<SequenceRef> sequences = new ArrayList<>(count);
        long next = position;
        while (sequences.size() < count) {
            next = unskipped(next);
            SequenceRef sequence = order.at(next++);
            if (!isHeldOut(sequence)) {
                sequences.add(sequence);
            }
        }
        return new Span(sequences, next);
    }

    /** The first position from this one on that is in no skipped block. */
    private long unskipped(long position) {
        MixturePlan plan = order.plan();
        long at = position;
        while (at < plan.totalSequences() && plan.skips((int) (at / plan.blockSize()))) {
            at = (at / plan.blockSize() + 1) * plan.blockSize();
        }
        return at;
    }

    /**
     * How many sequences there are to train on in the whole plan. Looks only at what is held out and at what is skipped,
     * so it costs the same for a plan of any length.
     */
    public long size() {
        MixturePlan plan = order.plan();
        long size = 0;
        for (int stream = 0; stream < plan.streams().size(); stream++) {
            size += plan.counts().total(stream)
                    - heldOutOf(stream, plan.counts().total(stream));
        }
        for (int block = 0; block < plan.counts().blocks(); block++) {
            size -= plan.skips(block) ? trainedIn(block) : 0;
        }
        return size;
    }

    /**
     * How many sequences there are to train on between two positions. Looks at each.
     *
     * @param from the first position
     * @param to the position behind the last
     */
    public long between(long from, long to) {
        long sequences = 0;
        for (long at = unskipped(from); at < to; at = unskipped(at + 1)) {
            sequences += isHeldOut(order.at(at)) ? 0 : 1;
        }
        return sequences;
    }

    private boolean isHeldOut(SequenceRef sequence) {
        return heldOut.contains(sequence.stream(), sequence.row());
    }

    /** How many of the first ordinals of a stream are held out. */
    private long heldOutOf(int stream, long ordinals) {
        long sequences = order.plan().streams().get(stream).sequences();
        long held = ordinals / sequences * heldOut.sequences(stream);
        // Inside an epoch a sequence stays in its window, so only the last windows have any that are held out.
        long window = Math.max(1, order.plan().windowSequences());
        long first = (sequences - heldOut.sequences(stream)) / window * window;
        long epoch = ordinals - ordinals % sequences;
        for (long ordinal = epoch + first; ordinal < ordinals; ordinal++) {
            held += heldOut.contains(stream, order.ofStream(stream, ordinal).row()) ? 1 : 0;
        }
        return held;
    }

    private long trainedIn(int block) {
        long first = (long) block * order.plan().blockSize();
        long trained = 0;
        for (int place = 0; place < order.plan().counts().size(block); place++) {
            trained += isHeldOut(order.at(first + place)) ? 0 : 1;
        }
        return trained;
    }
}
