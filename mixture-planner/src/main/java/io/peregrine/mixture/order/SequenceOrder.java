package io.peregrine.mixture.order;

import io.peregrine.data.DataException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a plan: which row of which stream is at a position.
 *
 * <p>Positions can be asked in any order; those of one block in a row are cheap, the first of a block costs a sort of the
 * block. Keeps the block it was asked for last, so: for one thread at a time.
 */
public final class SequenceOrder {
    private final MixturePlan plan;
    private final long[] sequences;
    private final List<WindowPermutation> epochs = new ArrayList<>();
    private int block = -1;
    private BlockOrder order;

    public SequenceOrder(MixturePlan plan) {
        this.plan = plan;
        this.sequences =
                plan.streams().stream().mapToLong(PlannedStream::sequences).toArray();
        SeedStream seed = plan.seeds().child("window");
        plan.streams()
                .forEach(stream -> epochs.add(
                        new WindowPermutation(stream.sequences(), plan.windowSequences(), seed.child(stream.name()))));
        this.order = blockOrder(0);
        this.block = 0;
    }

    public MixturePlan plan() {
        return plan;
    }

    /** Positions there are: {@code 0..totalSequences-1}. */
    public long totalSequences() {
        return plan.totalSequences();
    }

    /**
     * The sequence at a position.
     *
     * @throws DataException if the plan ends before this position
     */
    public SequenceRef at(long position) {
        if (position < 0 || position >= plan.totalSequences()) {
            throw new DataException("position %d: the plan has %d sequences; plan more tokens to train for longer"
                    .formatted(position, plan.totalSequences()));
        }
        int wanted = (int) (position / plan.blockSize());
        if (wanted != block) {
            order = blockOrder(wanted);
            block = wanted;
        }
        int place = (int) (position % plan.blockSize());
        int stream = order.stream(place);
        return ofStream(stream, plan.counts().start(block, stream) + order.occurrence(place));
    }

    /** The sequence that a stream gives as its {@code ordinal}-th, from 0. */
    public SequenceRef ofStream(int stream, long ordinal) {
        long epoch = ordinal / sequences[stream];
        return new SequenceRef(stream, epoch, epochs.get(stream).row(epoch, ordinal % sequences[stream]));
    }

    /** The streams in the order of one block. */
    public BlockOrder blockOrder(int index) {
        return BlockOrder.of(plan, index);
    }
}
