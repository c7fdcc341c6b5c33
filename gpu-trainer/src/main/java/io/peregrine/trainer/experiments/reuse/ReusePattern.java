package io.peregrine.trainer.experiments.reuse;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a slice of one source is seen twice in a training: the second pass spread evenly over the end of it, the first by
 * some gap before. All gaps have the same sequences, and the same last exposures.
 *
 * @param length sequences of the training
 * @param windowShare share of the training that a pass is spread over
 */
record ReusePattern(int length, double windowShare) {
    ReusePattern {
        if (!(windowShare > 0 && windowShare < 1)) {
            throw new ConfigException("--window", windowShare, "must be a share of the training between 0 and 1");
        }
    }

    /**
     * Checks what is asked for.
     *
     * @param gapShare distance of the passes as a share of the training
     * @param slice sequences of a pass
     */
    void require(double gapShare, int slice) {
        if (!(gapShare > 0) || gapShare + windowShare > 1) {
            throw new ConfigException(
                    "--gaps",
                    gapShare,
                    "must be a share of the training above 0, and at most 1 - --window (%s)"
                            .formatted(1 - windowShare));
        }
        if (slice < 1 || 2 * slice > windowShare * length) {
            throw new ConfigException(
                    "--sequences",
                    slice,
                    "must be at least 1 and at most half of the window, %d of the %d sequences that are left to train on"
                            .formatted((int) (windowShare * length), length));
        }
    }

    /**
     * The sequences of a training.
     *
     * @param gapShare distance of the passes as a share of the training
     * @param first what is seen first
     * @param second what is seen then, as many; the same as {@code first} for a repeat
     * @param others what is seen besides, at least so many that all are {@link #length}
     */
    List<SequenceRef> sequences(
            double gapShare, List<SequenceRef> first, List<SequenceRef> second, List<SequenceRef> others) {
        require(gapShare, second.size());
        List<Optional<SequenceRef>> slots = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            slots.add(Optional.empty());
        }
        double end = 1 - windowShare;
        place(first, end - gapShare, slots);
        place(second, end, slots);
        List<SequenceRef> sequences = new ArrayList<>(length);
        int next = 0;
        for (Optional<SequenceRef> slot : slots) {
            sequences.add(slot.isPresent() ? slot.get() : others.get(next++));
        }
        return sequences;
    }

    /** Spreads a pass over its window; a slot that is taken gives way to the next that is free. */
    private void place(List<SequenceRef> pass, double from, List<Optional<SequenceRef>> slots) {
        for (int i = 0; i < pass.size(); i++) {
            int slot = (int) ((from + (i + 0.5) / pass.size() * windowShare) * length);
            while (slots.get(slot).isPresent()) {
                slot = slot + 1 < length ? slot + 1 : 0;
            }
            slots.set(slot, Optional.of(pass.get(i)));
        }
    }

    /** Mean distance, in sequences, between two exposures of what is there twice; for checks and for the page. */
    static double meanGap(List<SequenceRef> sequences, List<SequenceRef> slice) {
        return slice.stream()
                .mapToInt(sequence -> sequences.lastIndexOf(sequence) - sequences.indexOf(sequence))
                .average()
                .orElseThrow();
    }

    /** Gaps that cover more than a decade of the training. */
    static List<Double> gaps() {
        return Arrays.asList(0.02, 0.1, 0.3, 0.7);
    }
}
