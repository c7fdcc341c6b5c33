package io.peregrine.mixture.window;

/**
 * The age at which a fitted curve falls to {@code eps}. It is a number only where the ages that were measured enclose it: a
 * curve says nothing about ages beyond.
 */
public sealed interface FittedWindow {
    /**
     * Inside what was measured. The interval comes by the delta method on the logarithm, in which the estimate is close to
     * normal.
     *
     * @param tokens the window
     * @param lower of the interval of 95 %
     * @param upper of the interval of 95 %; may be beyond what was measured
     */
    record Found(double tokens, double lower, double upper) implements FittedWindow {}

    /**
     * The gap is at most {@code eps} already at the youngest age.
     *
     * @param youngestTokens that age
     */
    record Below(double youngestTokens) implements FittedWindow {}

    /**
     * The gap is above {@code eps} at every age.
     *
     * @param oldestTokens the oldest
     */
    record Beyond(double oldestTokens) implements FittedWindow {}

    /** Standard errors on either side of an interval of 95 %. */
    double REACH = 1.959963984540054;

    /** Halvings that bring a range of ages down to the last bit of a double. */
    int HALVINGS = 60;

    /** Where a curve falls to {@code eps}. */
    static FittedWindow of(KernelFit fit, GapCurve curve, double eps) {
        double low = curve.youngestTokens();
        double high = curve.oldestTokens();
        if (fit.gap(low) <= eps && fit.gap(high) <= eps) { // a curve with a negative amplitude rises
            return new Below(low);
        }
        if (fit.gap(high) > eps) {
            return new Beyond(high);
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = Math.sqrt(low * high);
            if (fit.gap(middle) > eps) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double error = errorOfLog(fit, high);
        return new Found(high, high * Math.exp(-REACH * error), high * Math.exp(REACH * error));
    }

    /** As {@code gap(W(parameters), parameters) = eps} throughout, {@code d log W = -(d gap / d parameters) / slope}. */
    private static double errorOfLog(KernelFit fit, double window) {
        double[] gradient = fit.gradient(window);
        double variance = 0;
        for (int i = 0; i < gradient.length; i++) {
            for (int j = 0; j < gradient.length; j++) {
                variance += gradient[i] * fit.covariance().get(i).get(j) * gradient[j];
            }
        }
        return Math.sqrt(variance) / Math.abs(fit.slope(window));
    }
}
