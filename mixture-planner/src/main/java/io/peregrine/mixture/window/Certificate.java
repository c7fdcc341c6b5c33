package io.peregrine.mixture.window;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From which age on the gap is at most {@code eps}, without an assumed shape of forgetting: only that it falls with age.
 *
 * <p>Each bin has an upper bound of 95 % confidence: the larger of its gap and of the falling curve's value there, and 1.645
 * standard errors (of Student's distribution). Going from the oldest bin to younger ones, the first whose bound is above {@code
 * eps} ends it. As each of these tests is looked at only if all before it were passed, the chance of a false certificate is at
 * most 5 % altogether, however many bins there are (fixed-sequence testing; Maurer, Hothorn and Lehmacher, 1995).
 */
public sealed interface Certificate {
    double CONFIDENCE = 0.95;

    /**
     * The gap is at most {@code eps} from an age on.
     *
     * @param fromTokens mean age of the first such bin
     */
    record Certified(double fromTokens) implements Certificate {}

    /**
     * The data do not say so of any age.
     *
     * @param reason what keeps it
     */
    record NotCertified(String reason) implements Certificate {}

    /** The falling curve through a curve's points. */
    static List<Double> falling(GapCurve curve) {
        double[] gaps = curve.points().stream().mapToDouble(GapCurve.Point::gap).toArray();
        double[] weights = curve.points().stream()
                .mapToDouble(point -> 1 / (point.standardError() * point.standardError()))
                .toArray();
        return Arrays.stream(Isotonic.falling(gaps, weights)).boxed().toList();
    }

    /** Upper bounds of the points, one-sided. */
    static List<Double> upperBounds(GapCurve curve) {
        List<Double> falling = falling(curve);
        return IntStream.range(0, falling.size())
                .mapToObj(i -> {
                    GapCurve.Point point = curve.points().get(i);
                    double quantile = Student.quantile(point.steps() - 1, CONFIDENCE);
                    return Math.max(falling.get(i), point.gap()) + quantile * point.standardError();
                })
                .toList();
    }

    /** What a curve certifies. */
    static Certificate of(GapCurve curve, double eps) {
        if (curve.points().isEmpty()) {
            return new NotCertified("every bin is empty");
        }
        List<Double> bounds = upperBounds(curve);
        int first = bounds.size();
        while (first > 0 && bounds.get(first - 1) <= eps) {
            first--;
        }
        if (first < bounds.size()) {
            return new Certified(curve.points().get(first).ageTokens());
        }
        return new NotCertified("at the oldest age measured, %.4g tokens, the gap may be %.4g nats, above eps = %s"
                .formatted(curve.oldestTokens(), bounds.get(bounds.size() - 1), eps));
    }
}
