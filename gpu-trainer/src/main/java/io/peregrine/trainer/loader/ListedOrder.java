package io.peregrine.trainer.loader;

import io.peregrine.data.DataException;
import io.peregrine.mixture.order.SequenceRef;
import java.util.List;

/** Sequences in an order that somebody has written down, in place of a plan's. */
public final class ListedOrder implements ReadingOrder {
    private final long first;
    private final List<SequenceRef> sequences;

    /**
     * @param first position of the first of them
     * @param sequences what is read, each as often as it is there
     */
    public ListedOrder(long first, List<SequenceRef> sequences) {
        this.first = first;
        this.sequences = List.copyOf(sequences);
    }

    @Override
    public TrainingOrder.Span from(long position, int count) {
        long from = position - first;
        if (from < 0 || from + count > sequences.size()) {
            throw new DataException("positions %d to %d: the order of this training has %d to %d"
                    .formatted(position, position + count - 1, first, first + sequences.size() - 1));
        }
        int index = Math.toIntExact(from);
        return new TrainingOrder.Span(sequences.subList(index, index + count), position + count);
    }
}
