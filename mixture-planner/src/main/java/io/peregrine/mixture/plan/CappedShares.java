package io.peregrine.mixture.plan;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shares nearest to those asked for, by Kullback-Leibler divergence, that stay below caps: {@code min(cap, m w)} with
 * one factor {@code m} for all, found by taking out what is above its cap until nothing is. Exact: whole parts per billion
 * in and out, and no share above its cap by a single part.
 */
final class CappedShares {
    private CappedShares() {}

    /**
     * Projects shares onto caps.
     *
     * @param asked parts per billion that sum to a billion
     * @param caps parts per billion, each {@code >= 0}
     * @return nothing if the caps of the streams that have a share sum to less than a billion
     */
    static Optional<List<Integer>> project(List<Integer> asked, int[] caps) {
        boolean[] capped = new boolean[caps.length];
        long rest = Shares.DENOMINATOR;
        long open = Shares.DENOMINATOR;
        boolean changed = true;
        while (changed) {
            changed = false;
            long factor = rest;
            long of = open;
            for (int i = 0; i < caps.length; i++) {
                // Both products are below 2^63: no factor is above a billion.
                if (!capped[i] && asked.get(i) * factor > caps[i] * of) {
                    capped[i] = true;
                    changed = true;
                    rest -= caps[i];
                    open -= asked.get(i);
                }
            }
        }
        if (open == 0 && rest > 0) {
            return Optional.empty();
        }
        List<BigInteger> scores = new ArrayList<>();
        List<Integer> shares = new ArrayList<>();
        for (int i = 0; i < caps.length; i++) {
            shares.add(capped[i] ? caps[i] : 0);
            scores.add(BigInteger.valueOf(capped[i] ? 0 : asked.get(i)));
        }
        if (rest > 0) {
            List<Integer> others = Shares.quantize(scores, Math.toIntExact(rest));
            for (int i = 0; i < caps.length; i++) {
                shares.set(i, shares.get(i) + others.get(i));
            }
        }
        return Optional.of(List.copyOf(shares));
    }
}
