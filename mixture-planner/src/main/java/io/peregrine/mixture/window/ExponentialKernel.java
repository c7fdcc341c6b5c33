package io.peregrine.mixture.window;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code exp(-a / tau)}; the parameter is {@code log tau}. */
public record ExponentialKernel() implements ForgettingKernel {
    private static final int STARTS = 6;

    @Override
    public String title() {
        return "exponential";
    }

    @Override
    public int parameters() {
        return 1;
    }

    @Override
    public double left(double ageTokens, double[] parameters) {
        return Math.exp(-ageTokens / Math.exp(parameters[0]));
    }

    @Override
    public double[] gradient(double ageTokens, double[] parameters) {
        double x = ageTokens / Math.exp(parameters[0]);
        return new double[] {Math.exp(-x) * x};
    }

    @Override
    public double slope(double ageTokens, double[] parameters) {
        double x = ageTokens / Math.exp(parameters[0]);
        return -Math.exp(-x) * x;
    }

    @Override
    public List<double[]> starts(double youngestTokens, double oldestTokens) {
        return logSpaced(youngestTokens, oldestTokens, STARTS)
                .map(tau -> new double[] {tau})
                .toList();
    }

    /** Logarithms of numbers in a range. */
    static Stream<Double> logSpaced(double from, double to, int count) {
        double step = Math.log(to / from) / (count - 1);
        return IntStream.range(0, count).mapToObj(i -> Math.log(from) + i * step);
    }
}
