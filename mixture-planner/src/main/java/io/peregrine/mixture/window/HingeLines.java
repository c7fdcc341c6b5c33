package io.peregrine.mixture.window;

import java.util.Optional;

/**
 * Falling lines {@code factor * max(0, knot - log a)} through gaps at the ages of a curve. A knot beyond the ages makes a plain
 * line; one at infinity, a constant.
 */
final class HingeLines {
    private static final int KNOTS = 80;
    private static final double BEYOND_MAX = 50;

    private final double[] logAges;
    private final Whitening whitening;

    /**
     * The best line with a knot.
     *
     * @param logKnot where it ends
     * @param factor how steep it is
     * @param chiSquare what it leaves of the gaps
     */
    record Line(double logKnot, double factor, double chiSquare) {}

    HingeLines(GapCurve curve, Whitening whitening) {
        this.logAges = curve.points().stream()
                .mapToDouble(point -> Math.log(point.ageTokens()))
                .toArray();
        this.whitening = whitening;
    }

    /** The best falling line whose knot is below the oldest age. */
    Optional<Line> bestKnotted(double[] gaps) {
        double first = logAges[1];
        double last = logAges[logAges.length - 1];
        Optional<Line> best = Optional.empty();
        for (int i = 0; i < KNOTS; i++) {
            Line line = withKnot(first + (last - first) * i / KNOTS, gaps);
            if (line.factor() > 0
                    && (best.isEmpty() || line.chiSquare() < best.get().chiSquare())) {
                best = Optional.of(line);
            }
        }
        return best;
    }

    /** The best falling line whose knot is not below the oldest age; a constant if none falls. */
    Line bestStraight(double[] gaps) {
        double last = logAges[logAges.length - 1];
        Line best = withKnot(Double.POSITIVE_INFINITY, gaps);
        for (double beyond = 0; beyond < BEYOND_MAX; beyond = 0.1 + 1.1 * beyond) {
            Line line = withKnot(last + beyond, gaps);
            if (line.factor() > 0 && line.chiSquare() < best.chiSquare()) {
                best = line;
            }
        }
        return best;
    }

    /** The gaps on a line. */
    double[] gaps(Line line) {
        double[] gaps = column(line.logKnot());
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] *= line.factor();
        }
        return gaps;
    }

    private double[] column(double logKnot) {
        double[] column = new double[logAges.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = Double.isInfinite(logKnot) ? 1 : Math.max(0, logKnot - logAges[i]);
        }
        return column;
    }

    private Line withKnot(double logKnot, double[] gaps) {
        double[] x = whitening.apply(column(logKnot));
        double[] y = whitening.apply(gaps);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += x[i] * x[i];
            xy += x[i] * y[i];
            yy += y[i] * y[i];
        }
        return new Line(logKnot, xy / xx, yy - xy * xy / xx);
    }
}
