package io.peregrine.mixture.window;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Curves whose truth is known. */
final class Curves {
    /** Steps behind each point: as good as known errors. */
    private static final int STEPS = 10_000;

    private Curves() {}

    /** Points at these ages, exactly on a function, with independent errors of one size. */
    static GapCurve exact(DoubleUnaryOperator gap, double standardError, double... ages) {
        List<GapCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < ages.length; i++) {
            points.add(point(i, ages[i], gap.applyAsDouble(ages[i]), standardError, STEPS));
        }
        return curve(points);
    }

    static GapCurve.Point point(int bin, double age, double gap, double error, int steps) {
        return new GapCurve.Point(bin, age, steps, steps, gap, error, gap - 2 * error, gap + 2 * error);
    }

    static GapCurve curve(List<GapCurve.Point> points) {
        List<List<Double>> covariance = IntStream.range(0, points.size())
                .mapToObj(i -> IntStream.range(0, points.size())
                        .mapToObj(j -> i == j ? square(points.get(i).standardError()) : 0.0)
                        .toList())
                .toList();
        SeedStream draws = SeedStream.of(7);
        List<List<Double>> replicates = IntStream.range(0, 200)
                .mapToObj(draw -> points.stream()
                        .map(point -> point.gap() + point.standardError() * draws.nextGaussian())
                        .toList())
                .toList();
        return new GapCurve(points, List.of(), covariance, replicates);
    }

    /** The same ages with noise of the errors' size. */
    static GapCurve noisy(GapCurve curve, SeedStream draws) {
        return curve(curve.points().stream()
                .map(point -> point(
                        point.bin(),
                        point.ageTokens(),
                        point.gap() + point.standardError() * draws.nextGaussian(),
                        point.standardError(),
                        point.steps()))
                .toList());
    }

    /** Twelve ages, evenly spaced on a logarithmic axis from 0.02 to 6. */
    static double[] twelveAges() {
        return IntStream.range(0, 12)
                .mapToDouble(i -> 0.02 * Math.pow(300, i / 11.0))
                .toArray();
    }

    private static double square(double x) {
        return x * x;
    }
}
