package io.peregrine.mixture.optimize;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The mixtures that caps allow: {@code sum w = 1} and {@code 0 <= w_i <= cap_i}. */
public final class CappedSimplex {
    private final double[] caps;

    /**
     * @param caps upper bounds in 0..1
     * @throws IllegalArgumentException if they sum to less than 1, so that there is no mixture
     */
    public CappedSimplex(List<Double> caps) {
        this.caps = caps.stream().mapToDouble(cap -> cap).toArray();
        double sum = Arrays.stream(this.caps).sum();
        if (!(sum >= 1) || Arrays.stream(this.caps).anyMatch(cap -> !(cap >= 0 && cap <= 1))) {
            throw new IllegalArgumentException("caps %s: must be 0..1 and sum to >= 1".formatted(caps));
        }
    }

    /** How many weights there are. */
    public int size() {
        return caps.length;
    }

    /** The bound of a weight. */
    public double cap(int i) {
        return caps[i];
    }

    /**
     * The allowed mixture nearest to {@code v} by Kullback-Leibler divergence, {@code min sum_i w_i log(w_i / v_i)}: {@code
     * w_i = min(cap_i, mu v_i)}. What is over a cap goes to the others in proportion. Exact: the caps are reached one after
     * the other as mu grows, in the order of {@code cap_i / v_i}.
     *
     * @param v {@code >= 0}; the caps of those that are {@code > 0} must sum to {@code >= 1}
     */
    public double[] project(double[] v) {
        int[] order = IntStream.range(0, caps.length)
                .filter(i -> v[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> caps[i] / v[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] w = new double[caps.length];
        double mass = 1; // not yet given
        double rest = 0; // sum of v over those below their cap; added up from the small end so that none is lost
        double[] tails = new double[order.length + 1];
        for (int k = order.length - 1; k >= 0; k--) {
            rest += v[order[k]];
            tails[k] = rest;
        }
        for (int k = 0; k < order.length; k++) {
            int i = order[k];
            if (caps[i] * tails[k] > mass * v[i]) {
                for (int free = k; free < order.length; free++) {
                    w[order[free]] = Math.min(caps[order[free]], mass * (v[order[free]] / tails[k]));
                }
                return w;
            }
            w[i] = caps[i];
            mass -= caps[i];
        }
        return w;
    }

    /** The allowed mixture that is cheapest at fixed prices: the cheapest weights are filled to their caps first. */
    double[] cheapest(double[] prices) {
        int[] order = IntStream.range(0, caps.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> prices[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] w = new double[caps.length];
        double mass = 1;
        for (int i : order) {
            w[i] = Math.min(caps[i], mass);
            mass -= w[i];
        }
        return w;
    }
}
