package io.peregrine.mixture.window;

import java.util.Optional;

/**
 * Whether sequences and their controls can be compared. They were alike before the model had seen either: the mean difference of
 * their losses at the baselines, bin by bin, should be 0. Where it is not, the order of the stream goes with what is in it (such as the pieces
 * of long documents in their order, or near copies side by side), the two would not have gone the same way untrained, and a
 * difference in differences says nothing about memory.
 *
 * @param p chance of so large a difference in any bin if there is none: the smallest of the bins' two-sided p-values, times their
 *     number
 * @param bin index of the bin in which it is largest, in standard errors
 * @param nats by how much the loss of its sequences was above that of their controls, per token
 */
public record Balance(double p, int bin, double nats) {
    /** Sequences and controls are called alike unless chance makes them so different this rarely. */
    public static final double LEVEL = 0.01;

    /**
     * Looks for a difference.
     *
     * @param before {@link GapEstimator}'s curve of the losses at the baselines
     * @return empty if every bin is
     */
    public static Optional<Balance> of(GapCurve before) {
        Optional<Balance> worst = Optional.empty();
        for (GapCurve.Point point : before.points()) {
            double t = Math.abs(point.gap()) / point.standardError();
            double p = 2 * Student.probability(point.steps() - 1, -t);
            double adjusted = Math.min(1, p * before.points().size());
            if (worst.isEmpty() || adjusted < worst.get().p()) {
                worst = Optional.of(new Balance(adjusted, point.bin(), point.gap()));
            }
        }
        return worst;
    }

    /**
     * Looks for sequences that gained less since they were seen than controls that never were. Forgetting cannot do that: what was
     * learned since suits the controls better, as where these lie near it in the stream.
     *
     * @param gaps {@link GapEstimator}'s curve
     * @return the bin that is furthest below 0, in standard errors, with one-sided p-values; empty if every bin is
     */
    public static Optional<Balance> below(GapCurve gaps) {
        Optional<Balance> worst = Optional.empty();
        for (GapCurve.Point point : gaps.points()) {
            double p = Student.probability(point.steps() - 1, point.gap() / point.standardError());
            double adjusted = Math.min(1, p * gaps.points().size());
            if (worst.isEmpty() || adjusted < worst.get().p()) {
                worst = Optional.of(new Balance(adjusted, point.bin(), point.gap()));
            }
        }
        return worst;
    }

    public boolean isAlike() {
        return p >= LEVEL;
    }
}
