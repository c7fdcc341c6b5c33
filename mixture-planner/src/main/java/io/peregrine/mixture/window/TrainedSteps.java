package io.peregrine.mixture.window;

import java.util.Arrays;

/**
 * When a training run read what: the position of the plan at which each step begins, and how many sequences had been trained on
 * before it. Steps are counted from 1, as checkpoints count them. Sequences that a run leaves out, such as those held out, are
 * between positions but are not trained on, so ages do not count them.
 */
public final class TrainedSteps {
    private final long[] begins;
    private final long[] before;

    private TrainedSteps(long[] begins, long[] before) {
        this.begins = begins;
        this.before = before;
    }

    /** Steps on their way in, from the first on. */
    public static final class Builder {
        private long[] begins = new long[1024];
        private long[] before = new long[1024];
        private int steps;

        /**
         * Adds the next step.
         *
         * @param next position behind the last sequence that it trained on
         * @param sequences how many it trained on
         */
        public Builder add(long next, int sequences) {
            if (sequences < 1 || next < begins[steps] + sequences) {
                throw new IllegalArgumentException(
                        "step %d of %d sequences from %d to %d".formatted(steps + 1, sequences, begins[steps], next));
            }
            steps++;
            if (steps == begins.length) {
                begins = Arrays.copyOf(begins, 2 * steps);
                before = Arrays.copyOf(before, 2 * steps);
            }
            begins[steps] = next;
            before[steps] = before[steps - 1] + sequences;
            return this;
        }

        public TrainedSteps build() {
            return new TrainedSteps(Arrays.copyOf(begins, steps + 1), Arrays.copyOf(before, steps + 1));
        }
    }

    /** How many steps there are. */
    public int steps() {
        return begins.length - 1;
    }

    /** Position at which a step begins; of the one behind the last, where the last ends. */
    public long begin(int step) {
        return begins[step - 1];
    }

    /** Position behind a step; 0 for step 0. */
    public long end(int step) {
        return begins[step];
    }

    /** The step that a position below the end of the last belongs to. */
    public int stepAt(long position) {
        int found = Arrays.binarySearch(begins, position);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /**
     * The age of what a step trained on, at the end of the same or a later one: the sequences trained on since the step began,
     * which are at least those of the step itself.
     */
    public long ageSequences(int step, int atStep) {
        return before[atStep] - before[step - 1];
    }

    /** Sequences that a step trains on. */
    public long sequences(int step) {
        return before[step] - before[step - 1];
    }
}
