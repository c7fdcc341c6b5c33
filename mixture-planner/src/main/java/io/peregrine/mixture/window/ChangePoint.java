package io.peregrine.mixture.window;

import io.peregrine.data.seed.SeedStream;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Whether forgetting ends at some age: the gap falls in a straight line over the logarithm of the age and is 0 from a knot on,
 * {@code max(0, alpha - beta log a)}, against the same line without a knot among the ages measured.
 *
 * <p>The likelihood ratio of the two has no textbook distribution, since a knot at the oldest age is no knot; so its p-value
 * comes from curves drawn under the line without one.
 *
 * @param knotTokens the knot that fits best
 * @param lower of the interval of 95 %, from the draws of the bootstrap
 * @param upper of the interval of 95 %
 * @param likelihoodRatio twice the difference of the logarithms of the likelihoods
 * @param p chance of so large a ratio if there is no knot
 */
public record ChangePoint(double knotTokens, double lower, double upper, double likelihoodRatio, double p) {
    private static final int POINTS_MIN = 4;
    private static final int DRAWS = 499;
    private static final double LOWER_PERCENT = 2.5;
    private static final double UPPER_PERCENT = 97.5;

    /** The best knot; empty if there are too few bins to tell one, or no falling line fits. */
    public static Optional<ChangePoint> of(GapCurve curve, SeedStream seed) {
        Optional<Whitening> whitening = Whitening.of(curve.covariance());
        if (curve.points().size() < POINTS_MIN || whitening.isEmpty()) {
            return Optional.empty();
        }
        HingeLines lines = new HingeLines(curve, whitening.get());
        double[] gaps = curve.points().stream().mapToDouble(GapCurve.Point::gap).toArray();
        Optional<HingeLines.Line> knotted = lines.bestKnotted(gaps);
        if (knotted.isEmpty()) {
            return Optional.empty();
        }
        double ratio = ratio(lines, gaps);
        double[] nothing = lines.gaps(lines.bestStraight(gaps));
        SeedStream walk = seed.child("change-point");
        int asLarge = 1;
        for (int draw = 0; draw < DRAWS; draw++) {
            double[] drawn = whitening.get().draw(walk);
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] += nothing[i];
            }
            asLarge += ratio(lines, drawn) >= ratio ? 1 : 0;
        }
        double knot = Math.exp(knotted.get().logKnot());
        double[] knots = curve.replicates().stream()
                .flatMap(replicate -> lines.bestKnotted(unboxed(replicate)).stream())
                .mapToDouble(line -> Math.exp(line.logKnot()))
                .toArray();
        return Optional.of(new ChangePoint(
                knot,
                knots.length == 0 ? knot : Math.min(knot, new Percentile(LOWER_PERCENT).evaluate(knots)),
                knots.length == 0 ? knot : Math.max(knot, new Percentile(UPPER_PERCENT).evaluate(knots)),
                ratio,
                asLarge / (DRAWS + 1.0)));
    }

    private static double ratio(HingeLines lines, double[] gaps) {
        return lines.bestKnotted(gaps)
                .map(line -> Math.max(0, lines.bestStraight(gaps).chiSquare() - line.chiSquare()))
                .orElse(0.0);
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
