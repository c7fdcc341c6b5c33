package io.peregrine.trainer.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How many sequences each step trains on: a pure function of the step, and so of the position in the plan.
 *
 * <p>Over the first tokens of a run the batch grows in proportion to the tokens seen, in whole micro-batches; from then on it
 * has its full size. The learning rate of a step goes with the square root of its batch, which leaves the noise of a step's
 * gradient, measured by the rate, where it is.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, equation 19 and the section on batch size
 */
final class BatchSchedule {
    private final int full;

    /** Sequences of all steps up to each of those before the batch is full, from step 0 on. */
    private final List<Long> growing = new ArrayList<>();

    /**
     * A schedule.
     *
     * @param full sequences of a step behind the ramp
     * @param ramp how it gets there
     * @param multiple the batch is always a multiple of this, which divides {@code full}
     * @param sequenceLength tokens of a sequence
     */
    BatchSchedule(int full, BatchRampConfig ramp, int multiple, int sequenceLength) {
        this.full = full;
        long done = 0;
        growing.add(done);
        while (done * sequenceLength < ramp.tokens()) {
            double share = (double) (done * sequenceLength) / ramp.tokens();
            long wanted = ramp.fromSequences() + (long) ((full - ramp.fromSequences()) * share);
            done += Math.min(full, Math.max(multiple, wanted / multiple * multiple));
            growing.add(done);
        }
    }

    /** Sequences of a step, which are counted from 1. */
    int sequences(long step) {
        return Math.toIntExact(sequencesUpTo(step) - sequencesUpTo(step - 1));
    }

    /** Sequences of all steps up to this one. */
    long sequencesUpTo(long step) {
        int last = growing.size() - 1;
        return step <= last ? growing.get((int) step) : growing.get(last) + (step - last) * full;
    }

    /** The factor on a step's learning rate: the square root of its batch's share of the full one. */
    double learningRateFactor(long step) {
        return Math.sqrt((double) sequences(step) / full);
    }

    /** The most steps that together have no more than so many sequences. */
    long stepsWithin(long sequences) {
        int last = growing.size() - 1;
        if (growing.get(last) <= sequences) {
            return last + (sequences - growing.get(last)) / full;
        }
        int steps = 0;
        while (growing.get(steps + 1) <= sequences) {
            steps++;
        }
        return steps;
    }

    /** The fewest steps that together have at least so many sequences. */
    long stepsToReach(long sequences) {
        long within = stepsWithin(sequences);
        return sequencesUpTo(within) == sequences ? within : within + 1;
    }
}
