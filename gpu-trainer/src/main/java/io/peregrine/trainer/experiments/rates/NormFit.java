package io.peregrine.trainer.experiments.rates;

import io.peregrine.data.DataException;
import java.util.List;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * How the size of parameters goes with the two controls: {@code log rms = c + a log EWD + b log ELR}, by least squares. In
 * balance {@code a = -1} and {@code b = 0}.
 *
 * @param ewd the slope a
 * @param elr the slope b
 * @param r2 share of the variance that the line explains
 */
record NormFit(Slope ewd, Slope elr, double r2) {
    private static final double CONFIDENCE = 0.95;
    private static final int COEFFICIENTS = 3;

    /**
     * A slope with its 95 % interval.
     *
     * @param value least squares
     * @param halfWidth of the interval, by Student's distribution
     */
    record Slope(double value, double halfWidth) {
        /** Whether the interval has a value in it. */
        boolean covers(double truth) {
            return Math.abs(value - truth) <= halfWidth;
        }
    }

    /**
     * One arm.
     *
     * @param elr effective learning rate
     * @param ewd effective weight decay
     * @param rms size of the parameters at the end
     */
    record Point(double elr, double ewd, double rms) {}

    /**
     * Fits.
     *
     * @throws DataException if the arms are too few, or all at one value of a control
     */
    static NormFit of(List<Point> points) {
        long elrs = points.stream().map(Point::elr).distinct().count();
        long ewds = points.stream().map(Point::ewd).distinct().count();
        if (points.size() <= COEFFICIENTS || elrs < 2 || ewds < 2) {
            throw new DataException(
                    "norms of %d arms at ELR %s and EWD %s: two slopes need four arms at least, at two values of each; give --elr and --ewd more values, or lower ones if arms diverged"
                            .formatted(
                                    points.size(),
                                    new TreeSet<>(
                                            points.stream().map(Point::elr).toList()),
                                    new TreeSet<>(
                                            points.stream().map(Point::ewd).toList())));
        }
        double[] rms =
                points.stream().mapToDouble(point -> Math.log(point.rms())).toArray();
        double[][] controls = points.stream()
                .map(point -> new double[] {Math.log(point.ewd()), Math.log(point.elr())})
                .toArray(double[][]::new);
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(rms, controls);
        double[] slopes = regression.estimateRegressionParameters();
        double[] errors = regression.estimateRegressionParametersStandardErrors();
        double quantile =
                new TDistribution(points.size() - COEFFICIENTS).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return new NormFit(
                new Slope(slopes[1], quantile * errors[1]),
                new Slope(slopes[2], quantile * errors[2]),
                regression.calculateRSquared());
    }
}
