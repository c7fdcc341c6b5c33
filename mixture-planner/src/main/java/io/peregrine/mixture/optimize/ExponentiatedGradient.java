package io.peregrine.mixture.optimize;

import java.util.Arrays;
import java.util.List;

/**
 * Makes a convex function of a mixture small: {@code w <- project(w exp(-eta g))}, mirror descent in the geometry of the
 * simplex. A step from w to y is taken if {@code (g(y) - g(w)) . (y - w) <= KL(y || w) / eta}, else eta is halved. For a
 * convex function this puts y below the tangent plus the proximity term, so that every step descends and the whole
 * converges. Gradients are compared and not values: near the minimum values agree to the last digit long before the
 * weights do.
 *
 * <p>It ends by a certificate, not by a small step: for a convex function the slope towards the best corner of the allowed
 * set, {@code max_s g . (w - s)}, bounds how far the value is from the minimum.
 */
final class ExponentiatedGradient {
    private static final int ITERATIONS_MAX = 200_000;
    private static final double GAP = 1e-10;
    private static final double GROWTH = 1.25;
    private static final double ETA_MIN = 1e-12;

    /** Weights stay above this unless their cap is 0: what has vanished could not come back. */
    private static final double WEIGHT_MIN = 1e-300;

    private ExponentiatedGradient() {}

    /**
     * Where it ended.
     *
     * @param weights the mixture
     * @param value of the objective there
     * @param gap the value is at most this far above the minimum
     * @param iterations steps tried
     */
    record Minimum(List<Double> weights, double value, double gap, int iterations) {
        Minimum {
            weights = List.copyOf(weights);
        }

        double[] toArray() {
            return weights.stream().mapToDouble(w -> w).toArray();
        }
    }

    /** @param start a mixture, not necessarily allowed; it is projected first */
    static Minimum minimize(MixtureObjective objective, CappedSimplex allowed, double[] start) {
        double[] w = allowed.project(floored(start, allowed));
        double[] g = objective.gradient(w);
        double gap = gap(g, w, allowed);
        double eta = 1;
        int iteration = 0;
        while (gap > GAP && iteration < ITERATIONS_MAX && eta > ETA_MIN) {
            double[] next = step(w, g, eta, allowed);
            double[] nextGradient = objective.gradient(next);
            iteration++;
            if (isTooLong(w, g, next, nextGradient, eta)) {
                eta /= 2;
                continue;
            }
            w = next;
            g = nextGradient;
            gap = gap(g, w, allowed);
            eta *= GROWTH;
        }
        return new Minimum(Arrays.stream(w).boxed().toList(), objective.value(w), Math.max(0, gap), iteration);
    }

    private static double gap(double[] g, double[] w, CappedSimplex allowed) {
        double[] corner = allowed.cheapest(g);
        double gap = 0;
        for (int i = 0; i < w.length; i++) {
            gap += g[i] * (w[i] - corner[i]);
        }
        return gap;
    }

    private static double[] step(double[] w, double[] g, double eta, CappedSimplex allowed) {
        double least = Arrays.stream(g).min().orElseThrow();
        double[] v = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            v[i] = w[i] * Math.exp(-eta * (g[i] - least));
        }
        return allowed.project(floored(v, allowed));
    }

    private static double[] floored(double[] v, CappedSimplex allowed) {
        double[] floored = v.clone();
        for (int i = 0; i < v.length; i++) {
            floored[i] = allowed.cap(i) == 0 ? 0 : Math.max(v[i], WEIGHT_MIN);
        }
        return floored;
    }

    private static boolean isTooLong(double[] w, double[] g, double[] next, double[] nextGradient, double eta) {
        double curvature = 0;
        double divergence = 0;
        for (int i = 0; i < w.length; i++) {
            double moved = next[i] - w[i];
            curvature += (nextGradient[i] - g[i]) * moved;
            divergence += w[i] == 0 ? 0 : w[i] * divergence(moved / w[i]);
        }
        return curvature > divergence / eta;
    }

    /** {@code (1 + d) log(1 + d) - d}, by its series where the difference would lose all digits. */
    private static double divergence(double d) {
        return Math.abs(d) < 1e-3
                ? d * d * (0.5 - d * (1.0 / 6 - d * (1.0 / 12 - d / 20)))
                : (1 + d) * Math.log1p(d) - d;
    }
}
