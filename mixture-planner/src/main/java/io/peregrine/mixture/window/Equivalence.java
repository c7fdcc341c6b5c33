package io.peregrine.mixture.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether the gap of a bin lies between {@code -eps} and {@code eps}: two one-sided tests (Schuirmann, 1987), adjusted for the
 * number of bins (Holm, 1979).
 *
 * @param bin index of the bin
 * @param adjustedP adjusted p-value of the hypothesis that the gap lies outside
 */
public record Equivalence(int bin, double adjustedP) {
    /** Chance of calling any bin equivalent that is not. */
    public static final double LEVEL = 0.05;

    public boolean isEquivalent() {
        return adjustedP <= LEVEL;
    }

    /** The tests of all points of a curve, in their order. */
    public static List<Equivalence> of(GapCurve curve, double eps) {
        double[] p = curve.points().stream().mapToDouble(point -> p(point, eps)).toArray();
        List<Integer> byP = new ArrayList<>(IntStream.range(0, p.length).boxed().toList());
        byP.sort(Comparator.comparingDouble(i -> p[i]));
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int rank = 0; rank < p.length; rank++) {
            int i = byP.get(rank);
            largest = Math.max(largest, Math.min(1, (p.length - rank) * p[i]));
            adjusted[i] = largest;
        }
        return IntStream.range(0, p.length)
                .mapToObj(i -> new Equivalence(curve.points().get(i).bin(), adjusted[i]))
                .toList();
    }

    private static double p(GapCurve.Point point, double eps) {
        double farthest = Math.max(-point.gap() - eps, point.gap() - eps);
        return Student.probability(point.steps() - 1, farthest / point.standardError());
    }
}
