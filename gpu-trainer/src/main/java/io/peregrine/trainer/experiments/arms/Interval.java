package io.peregrine.trainer.experiments.arms;

import java.util.Locale;

/**
 * A mean and its 95 % interval.
 *
 * @param mean what was measured
 * @param low lower end; minus infinity if one number says nothing of its spread
 * @param high upper end, likewise
 * @param count of how many numbers
 */
public record Interval(double mean, double low, double high, int count) {

    static Interval around(double mean, double halfWidth, int count) {
        return new Interval(mean, mean - halfWidth, mean + halfWidth, count);
    }

    /** Whether there is an interval at all. */
    public boolean isBounded() {
        return !Double.isInfinite(low) && !Double.isInfinite(high);
    }

    /** Whether zero is outside. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }

    @Override
    public String toString() {
        return isBounded()
                ? String.format(Locale.ROOT, "%.4f +- %.4f", mean, (high - low) / 2)
                : String.format(Locale.ROOT, "%.4f", mean);
    }
}
