package io.peregrine.mixture.window;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.BlockOrder;
import io.peregrine.mixture.order.SequenceOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which sequences are measured: from the plan alone, without a log of what was trained.
 *
 * <p>A sequence is taken by the hash of its stream and row. So the same are taken at several checkpoints where they can be, and
 * a larger sample contains a smaller one: what has been measured serves again.
 *
 * <p>Thread: one.
 */
public final class SequenceSampler {
    /** Of a range with more sequences than this, evenly spaced ones are looked at. */
    private static final long LOOKED_AT_MAX = 1L << 17;

    private final MixturePlan plan;
    private final SequenceOrder order;
    private final TrainedSteps steps;
    private final LeftOut leftOut;
    private final SeedStream seed;
    private final Map<Integer, BlockOrder> blocks = new HashMap<>();

    /** Which rows a run leaves out of training, whatever the plan says. */
    public interface LeftOut {
        boolean contains(int stream, long row);

        /** All of a stream, in rising order. */
        List<Long> rows(int stream);
    }

    /**
     * @param plan the mixture that was trained on
     * @param steps of the run, up to the last checkpoint at least
     * @param leftOut rows that are planned and not trained on
     * @param seed of the draws
     */
    public SequenceSampler(MixturePlan plan, TrainedSteps steps, LeftOut leftOut, SeedStream seed) {
        this.plan = plan;
        this.order = new SequenceOrder(plan);
        this.steps = steps;
        this.leftOut = leftOut;
        this.seed = seed;
    }

    /**
     * Sequences of a bin of age that a checkpoint has seen exactly once.
     *
     * @param stream index in the plan
     * @param bins of age
     * @param bin which
     * @param atStep step of the checkpoint
     * @param fromStep what was trained on before this step is left aside: no checkpoint is older
     * @param count how many at most
     * @return fewer, or none, if there are no more
     */
    public List<Exposure> exposed(int stream, AgeBins bins, int bin, int atStep, int fromStep, int count) {
        int last = youngest(bins.from(bin), atStep);
        int first = Math.max(fromStep, youngest(bins.to(bin), atStep) + 1);
        if (first > last) {
            return List.of();
        }
        long from = ordinalsBefore(stream, steps.begin(first));
        // The second time is a matter of the second epoch: only first exposures are candidates.
        long to = Math.min(
                ordinalsBefore(stream, steps.end(last)),
                plan.streams().get(stream).sequences());
        long seen = ordinalsBefore(stream, steps.end(atStep));
        List<Exposure> found = new ArrayList<>();
        for (Candidate candidate : byHash(stream, from, to)) {
            if (found.size() == count) {
                break;
            }
            if (!leftOut.contains(stream, candidate.row())
                    && !plan.skips(blockOf(stream, candidate.ordinal()))
                    && !isSeenAgain(stream, candidate.row(), seen)) {
                int step = steps.stepAt(positionOf(stream, candidate.ordinal()));
                found.add(new Exposure(stream, candidate.row(), bin, step, steps.ageSequences(step, atStep)));
            }
        }
        return found;
    }

    /**
     * Rows of a stream that no step up to one has trained on: those that the plan comes to later, which are such as were trained on
     * wherever the order of the stream is random; and if these are too few, those that are left out.
     *
     * @param stream index in the plan
     * @param lastStep of the last checkpoint that is measured
     * @param count how many at most
     */
    public List<Long> unseen(int stream, int lastStep, int count) {
        long sequences = plan.streams().get(stream).sequences();
        long seen = Math.min(ordinalsBefore(stream, steps.end(lastStep)), sequences);
        List<Candidate> leftOutOf = new ArrayList<>();
        leftOut.rows(stream).forEach(row -> leftOutOf.add(candidate(stream, sequences, row)));
        leftOutOf.sort(BY_HASH);
        return Stream.concat(
                        byHash(stream, seen, sequences).stream()
                                .filter(candidate -> !leftOut.contains(stream, candidate.row())),
                        leftOutOf.stream())
                .limit(count)
                .map(Candidate::row)
                .toList();
    }

    /** The last step whose sequences are at least this old; 0 if none is. */
    private int youngest(long ageSequences, int atStep) {
        int low = 0;
        int high = atStep;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (steps.ageSequences(middle, atStep) >= ageSequences) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private record Candidate(long ordinal, long row, long hash) {}

    private static final Comparator<Candidate> BY_HASH =
            Comparator.comparingLong(Candidate::hash).thenComparingLong(Candidate::row);

    private List<Candidate> byHash(int stream, long from, long to) {
        List<Candidate> candidates = new ArrayList<>();
        long stride = stride(to - from);
        for (long ordinal = from; ordinal < to; ordinal += stride) {
            candidates.add(
                    candidate(stream, ordinal, order.ofStream(stream, ordinal).row()));
        }
        candidates.sort(BY_HASH);
        return candidates;
    }

    private static long stride(long size) {
        return Math.max(1, (size + LOOKED_AT_MAX - 1) / LOOKED_AT_MAX);
    }

    private Candidate candidate(int stream, long ordinal, long row) {
        return new Candidate(
                ordinal, row, seed.child(plan.streams().get(stream).name()).hash(row));
    }

    /** Whether the second epoch came to a row within the first so many ordinals of its stream. */
    private boolean isSeenAgain(int stream, long row, long ordinals) {
        long sequences = plan.streams().get(stream).sequences();
        long window = Math.max(1, Math.min(plan.windowSequences(), sequences));
        long first = row - row % window;
        long end = Math.min(first + window, sequences);
        if (ordinals <= sequences + first) {
            return false;
        }
        if (ordinals >= sequences + end) {
            return true;
        }
        for (long ordinal = sequences + first; ordinal < ordinals; ordinal++) {
            if (order.ofStream(stream, ordinal).row() == row) {
                return true;
            }
        }
        return false;
    }

    /** How many sequences of a stream the plan has before a position. */
    private long ordinalsBefore(int stream, long position) {
        if (position >= plan.totalSequences()) {
            return plan.counts().total(stream);
        }
        int block = (int) (position / plan.blockSize());
        long ordinals = plan.counts().start(block, stream);
        BlockOrder places = order(block);
        for (int place = 0; place < position % plan.blockSize(); place++) {
            ordinals += places.stream(place) == stream ? 1 : 0;
        }
        return ordinals;
    }

    private int blockOf(int stream, long ordinal) {
        int low = 0;
        int high = plan.counts().blocks() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (plan.counts().start(middle, stream) <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long positionOf(int stream, long ordinal) {
        int block = blockOf(stream, ordinal);
        long occurrence = ordinal - plan.counts().start(block, stream);
        BlockOrder places = order(block);
        for (int place = 0; place < places.size(); place++) {
            if (places.stream(place) == stream && places.occurrence(place) == occurrence) {
                return (long) block * plan.blockSize() + place;
            }
        }
        throw new IllegalStateException(
                "block %d has no occurrence %d of stream %d".formatted(block, occurrence, stream));
    }

    private BlockOrder order(int block) {
        if (blocks.size() > 64) { // bounds their memory: blocks of 65,536 places take half a megabyte each
            blocks.clear();
        }
        return blocks.computeIfAbsent(block, order::blockOrder);
    }
}
