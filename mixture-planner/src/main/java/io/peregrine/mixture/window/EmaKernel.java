package io.peregrine.mixture.window;

import java.util.Collections;
import java.util.List;

/**
 * What decoupled weight decay leaves of an update: AdamW's weights are {@code w <- (1 - eta lambda) w - eta u}, an average of
 * past updates in which one of age {@code a} has the weight {@code prod (1 - eta lambda)} over the steps since (TREC,
 * arXiv:2509.25380, finds that the loss on batches seen follows it). The schedule decides it, so no shape is free.
 *
 * @param ages of steps in tokens, rising from 0
 * @param logs logarithm of what is left at each, from 0 on
 */
public record EmaKernel(List<Double> ages, List<Double> logs) implements ForgettingKernel {
    public EmaKernel {
        ages = List.copyOf(ages);
        logs = List.copyOf(logs);
        if (ages.size() < 2 || ages.size() != logs.size() || ages.get(0) != 0 || logs.get(0) != 0) {
            throw new IllegalArgumentException("%d ages, %d logarithms: must be as many, two at least, and begin with 0"
                    .formatted(ages.size(), logs.size()));
        }
        for (int i = 1; i < ages.size(); i++) {
            if (ages.get(i) <= ages.get(i - 1) || logs.get(i) > logs.get(i - 1)) {
                throw new IllegalArgumentException("at %d: ages must rise and what is left must not".formatted(i));
            }
        }
    }

    @Override
    public String title() {
        return "EMA of AdamW";
    }

    @Override
    public int parameters() {
        return 0;
    }

    @Override
    public double left(double ageTokens, double[] parameters) {
        int i = segment(ageTokens);
        double log = logs.get(i) + rate(i) * (ageTokens - ages.get(i));
        return Math.exp(log);
    }

    @Override
    public double[] gradient(double ageTokens, double[] parameters) {
        return new double[0];
    }

    @Override
    public double slope(double ageTokens, double[] parameters) {
        return left(ageTokens, parameters) * rate(segment(ageTokens)) * ageTokens;
    }

    @Override
    public List<double[]> starts(double youngestTokens, double oldestTokens) {
        return List.of(new double[0]);
    }

    private double rate(int segment) {
        return (logs.get(segment + 1) - logs.get(segment)) / (ages.get(segment + 1) - ages.get(segment));
    }

    /** The piece that an age lies in; beyond the last, the last. */
    private int segment(double ageTokens) {
        int found = Collections.binarySearch(ages, ageTokens);
        int i = found >= 0 ? found : -found - 2;
        return Math.max(0, Math.min(i, ages.size() - 2));
    }
}
