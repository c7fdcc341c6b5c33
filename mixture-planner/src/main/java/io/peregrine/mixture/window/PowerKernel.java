package io.peregrine.mixture.window;

import java.util.List;
import java.util.stream.Stream;

/** {@code (1 + a / tau)^(-beta)}; the parameters are {@code log tau} and {@code log beta}. */
public record PowerKernel() implements ForgettingKernel {
    private static final int STARTS = 4;

    @Override
    public String title() {
        return "power";
    }

    @Override
    public int parameters() {
        return 2;
    }

    @Override
    public double left(double ageTokens, double[] parameters) {
        return Math.exp(-Math.exp(parameters[1]) * Math.log1p(ageTokens / Math.exp(parameters[0])));
    }

    @Override
    public double[] gradient(double ageTokens, double[] parameters) {
        double x = ageTokens / Math.exp(parameters[0]);
        double beta = Math.exp(parameters[1]);
        double left = left(ageTokens, parameters);
        return new double[] {left * beta * x / (1 + x), -left * beta * Math.log1p(x)};
    }

    @Override
    public double slope(double ageTokens, double[] parameters) {
        return -gradient(ageTokens, parameters)[0];
    }

    @Override
    public List<double[]> starts(double youngestTokens, double oldestTokens) {
        return ExponentialKernel.logSpaced(youngestTokens, oldestTokens, STARTS)
                .flatMap(tau -> Stream.of(0.5, 2.0).map(beta -> new double[] {tau, Math.log(beta)}))
                .toList();
    }
}
