package io.peregrine.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale from values to pixels.
 *
 * @param from the least value shown
 * @param to the greatest, above it
 * @param logarithmic whether equal ratios are equal lengths; values must then be above 0
 * @param start pixel of {@code from}
 * @param end pixel of {@code to}
 */
record Axis(double from, double to, boolean logarithmic, double start, double end) {
    private static final int TICKS = 6;
    private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);
    private static final List<Double> STEPS = List.of(1.0, 2.0, 5.0, 10.0);
    private static final double LEAST_RATIO = 1e-12;

    Axis {
        if (!(from < to) || Double.isInfinite(from) || Double.isInfinite(to) || (logarithmic && from <= 0)) {
            throw new IllegalArgumentException(
                    "axis from %s to %s: must rise%s".formatted(from, to, logarithmic ? ", from above 0" : ""));
        }
    }

    /**
     * An axis on which all of the values are.
     *
     * @param values those that are no number, and on a logarithmic axis those that are not above 0, are passed over
     */
    static Axis over(List<Double> values, boolean logarithmic, double start, double end) {
        List<Double> shown = values.stream()
                .filter(value -> Double.isFinite(value) && (!logarithmic || value > 0))
                .toList();
        double least = shown.stream().mapToDouble(it -> it).min().orElse(logarithmic ? 1 : 0);
        double most = shown.stream().mapToDouble(it -> it).max().orElse(1);
        if (most - least <= Math.abs(most) * LEAST_RATIO) { // a single value stands in the middle
            double half = least == 0 ? 1 : Math.abs(least) / 2;
            return new Axis(least - half, most + half, logarithmic, start, end);
        }
        if (logarithmic) {
            double room = Math.pow(most / least, 0.03);
            return new Axis(least / room, most * room, true, start, end);
        }
        double room = (most - least) * 0.04;
        boolean fromZero = least >= 0 && least <= (most - least) / 2;
        return new Axis(fromZero ? 0 : least - room, most + room, false, start, end);
    }

    /** The pixel of a value; not a number where the axis has no place for it. */
    double at(double value) {
        double share = logarithmic
                ? (value > 0 ? Math.log(value / from) / Math.log(to / from) : Double.NaN)
                : (value - from) / (to - from);
        return start + share * (end - start);
    }

    /** Round values to write beside the axis. */
    List<Double> ticks() {
        return logarithmic && to / from > 20 ? powers() : evenly();
    }

    private List<Double> powers() {
        List<Double> ticks = new ArrayList<>();
        int decades = (int) Math.ceil(Math.log10(to / from));
        int each = Math.max(1, (decades + TICKS - 1) / TICKS);
        for (int power = (int) Math.ceil(Math.log10(from)); Math.pow(10, power) <= to; power += each) {
            ticks.add(Math.pow(10, power));
        }
        return ticks;
    }

    private List<Double> evenly() {
        double rough = (to - from) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power
                * STEPS.stream()
                        .filter(it -> it * power >= rough * 0.999)
                        .findFirst()
                        .orElse(10.0);
        List<Double> ticks = new ArrayList<>();
        for (long n = (long) Math.ceil(from / step); n * step <= to; n++) {
            ticks.add(n * step);
        }
        return ticks;
    }

    /** A value in few characters: 1.2M, 40k, 0.004, 2e-7. */
    static String format(double value) {
        double size = Math.abs(value);
        if (size >= 1e12 || (size > 0 && size < 1e-4)) {
            return String.format(Locale.ROOT, "%.0e", value)
                    .replace("e-0", "e-")
                    .replace("e+", "e");
        }
        if (size >= 1e9) {
            return trimmed(value / 1e9) + "G";
        }
        if (size >= 1e6) {
            return trimmed(value / 1e6) + "M";
        }
        return size >= 1e4 ? trimmed(value / 1e3) + "k" : trimmed(value);
    }

    private static String trimmed(double value) {
        BigDecimal digits = BigDecimal.valueOf(value).round(DIGITS);
        return digits.signum() == 0 ? "0" : digits.stripTrailingZeros().toPlainString();
    }
}
