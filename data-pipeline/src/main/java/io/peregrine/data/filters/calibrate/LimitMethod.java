package io.peregrine.data.filters.calibrate;

import io.peregrine.data.rules.Side;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/** How the limit of a rule in a language follows from values measured on reference text. NaN: it cannot be told. */
public enum LimitMethod {
    /**
     * The percentile at which the rule drops at most a given share of the language's reference. No value is made up
     * between two measured ones, so the share holds whatever the distribution.
     */
    PERCENTILE {
        @Override
        double limit(Side side, double dropShare, double pivotLimit, double[] pivot, double[] own) {
            double share = side == Side.ABOVE ? 1 - dropShare : dropShare;
            return percentile(own, share);
        }
    },

    /**
     * As many standard deviations from the language's mean as the pivot's limit is from the pivot's mean.
     */
    MEAN_STD {
        @Override
        double limit(Side side, double dropShare, double pivotLimit, double[] pivot, double[] own) {
            double spread = deviation(pivot);
            double deviations = (pivotLimit - StatUtils.mean(pivot)) / spread;
            return spread == 0 ? Double.NaN : StatUtils.mean(own) + deviations * deviation(own);
        }
    },

    /** In the same proportion to the language's median as the pivot's limit is to the pivot's median. */
    MEDIAN_RATIO {
        @Override
        double limit(Side side, double dropShare, double pivotLimit, double[] pivot, double[] own) {
            double median = percentile(pivot, MIDDLE);
            return median == 0 ? Double.NaN : percentile(own, MIDDLE) * (pivotLimit / median);
        }
    };

    private static final double MIDDLE = 0.5;
    private static final double PERCENT = 100;

    /** Whether limits are carried over from another language. */
    public boolean needsPivot() {
        return this != PERCENTILE;
    }

    /**
     * The limit for a language.
     *
     * @param side which values the rule drops
     * @param dropShare 0..1, used by {@link #PERCENTILE}
     * @param pivotLimit the rule's limit in the pivot language
     * @param pivot values of the pivot language's reference, none of them NaN; used by the other two
     * @param own values of the language's reference, none of them NaN, at least one
     */
    abstract double limit(Side side, double dropShare, double pivotLimit, double[] pivot, double[] own);

    /** The smallest value that at least this share of the values does not exceed; the least of all for 0. */
    private static double percentile(double[] values, double share) {
        if (share <= 0) {
            return StatUtils.min(values);
        }
        return new Percentile(PERCENT).withEstimationType(EstimationType.R_1).evaluate(values, share * PERCENT);
    }

    private static double deviation(double[] values) {
        return Math.sqrt(StatUtils.populationVariance(values));
    }
}
