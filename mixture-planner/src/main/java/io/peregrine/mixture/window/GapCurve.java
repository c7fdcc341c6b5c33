package io.peregrine.mixture.window;

import java.util.List;

/**
 * The retention gap by age at one checkpoint.
 *
 * @param points bins of which there is enough, youngest first
 * @param empty the other bins, and why
 * @param covariance of the points' gaps: they share their controls
 * @param replicates the points' gaps in each draw of the bootstrap
 */
public record GapCurve(
        List<Point> points, List<Empty> empty, List<List<Double>> covariance, List<List<Double>> replicates) {

    /**
     * A bin.
     *
     * @param bin index of the bin
     * @param ageTokens mean age of its sequences
     * @param sequences how many were measured
     * @param steps how many steps had trained on them
     * @param gap nats per token
     * @param standardError of the gap, by the cluster bootstrap
     * @param lower of the interval of 95 %
     * @param upper of the interval of 95 %
     */
    public record Point(
            int bin,
            double ageTokens,
            int sequences,
            int steps,
            double gap,
            double standardError,
            double lower,
            double upper) {
        public Point {
            if (!(ageTokens > 0 && standardError > 0 && Double.isFinite(gap) && lower <= gap && gap <= upper)) {
                throw new IllegalArgumentException("bin %d: age %s, gap %s +- %s in %s..%s"
                        .formatted(bin, ageTokens, gap, standardError, lower, upper));
            }
        }
    }

    /**
     * A bin that nothing can be said of.
     *
     * @param bin index of the bin
     * @param reason why
     */
    public record Empty(int bin, String reason) {}

    public GapCurve {
        points = List.copyOf(points);
        empty = List.copyOf(empty);
        covariance = covariance.stream().map(List::copyOf).toList();
        replicates = replicates.stream().map(List::copyOf).toList();
        if (covariance.size() != points.size()) {
            throw new IllegalArgumentException(
                    "%d points and a covariance of %d".formatted(points.size(), covariance.size()));
        }
    }

    /** The oldest age that was measured. */
    public double oldestTokens() {
        return points.get(points.size() - 1).ageTokens();
    }

    /** The youngest age that was measured. */
    public double youngestTokens() {
        return points.get(0).ageTokens();
    }
}
