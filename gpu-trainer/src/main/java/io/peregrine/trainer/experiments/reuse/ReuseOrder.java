package io.peregrine.trainer.experiments.reuse;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.experiments.arms.ArmOrder;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.train.TrainConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Arms from one checkpoint. The slice that is seen twice, and the one that the fresh arm sees in place of its first pass, are
 * rows of a source that the run has not read by then and would not read; the seed draws them, so that arms of one seed have
 * the same. All else is what the run's plan has next.
 */
final class ReuseOrder implements ArmOrder {
    /** The arm that repeats nothing. */
    static final String FRESH = "fresh";

    private final Checkpoint origin;
    private final Optional<String> source;
    private final int slice;
    private final double windowShare;

    /**
     * @param origin where arms begin
     * @param source whose rows are seen twice; the largest of the plan if empty
     * @param slice how many sequences are seen twice
     * @param windowShare share of the training that a pass is spread over
     */
    ReuseOrder(Checkpoint origin, Optional<String> source, int slice, double windowShare) {
        this.origin = origin;
        this.source = source;
        this.slice = slice;
        this.windowShare = windowShare;
    }

    @Override
    public MixturePlan plan(Request request) {
        return request.inForce();
    }

    @Override
    public Optional<Checkpoint> origin() {
        return Optional.of(origin);
    }

    @Override
    public Optional<List<SequenceRef>> reads(Request request, MixturePlan plan, HeldOut heldOut) {
        TrainConfig config = request.settings().section("train", TrainConfig.class);
        if (config.batchRamp().tokens() > 0) {
            throw new ConfigException(
                    "train.batch-ramp.tokens",
                    config.batchRamp().tokens(),
                    "must be 0: an experiment on the order of sequences has batches of one size");
        }
        TrainingOrder planned = new TrainingOrder(new SequenceOrder(plan), heldOut);
        long steps = config.stepsOf(plan.sequenceLength(), planned.size())
                - origin.state().step();
        if (steps < 1) {
            throw new ConfigException(
                    "--to",
                    origin.state().tokens(),
                    "the checkpoint is of step %d, and the run has no steps after it; go back further, or raise train.steps"
                            .formatted(origin.state().step()));
        }
        int length = Math.toIntExact(steps * config.batchSequences());
        TrainingOrder.Span next = planned.from(origin.state().position(), length);
        List<SequenceRef> unread = unread(plan, heldOut, next.next());
        SeedStream draws = SeedStream.of(request.seed()).child("reuse");
        List<SequenceRef> drawn = new ArrayList<>();
        for (int i = 0; i < 2 * slice; i++) {
            drawn.add(unread.remove(draws.nextInt(unread.size())));
        }
        List<SequenceRef> again = drawn.subList(0, slice);
        boolean fresh = request.arm().values().isEmpty();
        List<SequenceRef> first = fresh ? drawn.subList(slice, 2 * slice) : again;
        double gap = fresh
                ? ReusePattern.gaps().get(0)
                : request.arm().values().values().iterator().next();
        return Optional.of(new ReusePattern(length, windowShare).sequences(gap, first, again, next.sequences()));
    }

    /** Rows of the source that are neither held out nor read up to a position. */
    private List<SequenceRef> unread(MixturePlan plan, HeldOut heldOut, long upTo) {
        int stream = stream(plan);
        SequenceOrder order = new SequenceOrder(plan);
        Set<Long> read = new HashSet<>();
        for (long position = 0; position < upTo; position++) {
            SequenceRef sequence = order.at(position);
            if (sequence.stream() == stream) {
                read.add(sequence.row());
            }
        }
        List<SequenceRef> unread = new ArrayList<>();
        for (long row = 0; row < plan.streams().get(stream).sequences(); row++) {
            if (!read.contains(row) && !heldOut.contains(stream, row)) {
                unread.add(new SequenceRef(stream, 0, row));
            }
        }
        if (unread.size() < 2 * slice) {
            throw new DataException(
                    "source '%s': %d of its sequences are not read by the run, and %d are wanted, to be seen twice and in place of that; give --sequences less, or another --source"
                            .formatted(plan.streams().get(stream).name(), unread.size(), 2 * slice));
        }
        return unread;
    }

    private int stream(MixturePlan plan) {
        List<String> names = plan.streams().stream().map(PlannedStream::name).toList();
        if (source.isPresent()) {
            if (!names.contains(source.get())) {
                throw new ConfigException("--source", source.get(), "the plan has the sources " + names);
            }
            return names.indexOf(source.get());
        }
        int largest = 0;
        for (int i = 1; i < names.size(); i++) {
            largest = plan.streams().get(i).sequences()
                            > plan.streams().get(largest).sequences()
                    ? i
                    : largest;
        }
        return largest;
    }
}
