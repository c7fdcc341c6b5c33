package io.peregrine.mixture.window;

import java.util.Arrays;

/**
 * The falling sequence nearest to another, in weighted least squares: neighbours that rise are pooled until none does (pool
 * adjacent violators; Ayer et al., Annals of Mathematical Statistics 26, 1955).
 */
final class Isotonic {
    private Isotonic() {}

    /**
     * @param values any
     * @param weights above 0, as many
     */
    static double[] falling(double[] values, double[] weights) {
        double[] means = new double[values.length];
        double[] sums = new double[values.length];
        int[] lengths = new int[values.length];
        int blocks = 0;
        for (int i = 0; i < values.length; i++) {
            means[blocks] = values[i];
            sums[blocks] = weights[i];
            lengths[blocks] = 1;
            blocks++;
            while (blocks > 1 && means[blocks - 2] < means[blocks - 1]) {
                double together = sums[blocks - 2] + sums[blocks - 1];
                means[blocks - 2] =
                        (means[blocks - 2] * sums[blocks - 2] + means[blocks - 1] * sums[blocks - 1]) / together;
                sums[blocks - 2] = together;
                lengths[blocks - 2] += lengths[blocks - 1];
                blocks--;
            }
        }
        double[] fitted = new double[values.length];
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            Arrays.fill(fitted, at, at + lengths[block], means[block]);
            at += lengths[block];
        }
        return fitted;
    }
}
