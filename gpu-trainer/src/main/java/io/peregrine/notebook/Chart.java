package io.peregrine.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Values over values. A chart with more in it is another chart: {@code Chart.of("Loss", "tokens", "nats").line(...).svg()}.
 *
 * @param title above it
 * @param x what goes to the right, with its unit
 * @param y what goes up, with its unit
 * @param logX whether {@code x} is logarithmic
 * @param logY whether {@code y} is
 * @param series what is drawn, each in a colour of its own
 * @param levels values of {@code y} that are marked all the way across
 * @param marks values of {@code x} that are marked all the way up
 */
public record Chart(
        String title,
        String x,
        String y,
        boolean logX,
        boolean logY,
        List<Series> series,
        List<Mark> levels,
        List<Mark> marks) {
    public Chart {
        series = List.copyOf(series);
        levels = List.copyOf(levels);
        marks = List.copyOf(marks);
    }

    /** A value that is marked, and why. */
    public record Mark(double value, String label) {
        public Mark {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("mark %s = %s: must be finite".formatted(label, value));
            }
        }
    }

    /** How a series is drawn. */
    public enum Style {
        /** From value to value. */
        LINE,
        /** Flat from each {@code x} to the next. */
        STEPS,
        /** Dots, and their intervals where they have some. */
        POINTS
    }

    /**
     * Values of one thing.
     *
     * @param name in the legend
     * @param style how they are drawn
     * @param xs to the right
     * @param ys up, as many; one that is no number is a gap
     * @param lower lower ends of intervals, as many or none
     * @param upper their upper ends
     */
    public record Series(
            String name, Style style, List<Double> xs, List<Double> ys, List<Double> lower, List<Double> upper) {
        public Series {
            xs = List.copyOf(xs);
            ys = List.copyOf(ys);
            lower = List.copyOf(lower);
            upper = List.copyOf(upper);
            if (xs.size() != ys.size()) {
                throw new IllegalArgumentException("series '%s': %d values of x and %d of y: must be as many"
                        .formatted(name, xs.size(), ys.size()));
            }
            if (lower.size() != upper.size() || (!lower.isEmpty() && lower.size() != ys.size())) {
                throw new IllegalArgumentException(
                        "series '%s': %d values and %d to %d ends of intervals: must be as many"
                                .formatted(name, ys.size(), lower.size(), upper.size()));
            }
        }
    }

    /** An empty chart with linear axes. */
    public static Chart of(String title, String x, String y) {
        return new Chart(title, x, y, false, false, List.of(), List.of(), List.of());
    }

    /** The same with {@code x} logarithmic. */
    public Chart withLogX() {
        return new Chart(title, x, y, true, logY, series, levels, marks);
    }

    /** The same with {@code y} logarithmic. */
    public Chart withLogY() {
        return new Chart(title, x, y, logX, true, series, levels, marks);
    }

    /** The same with a line more. */
    public Chart line(String name, List<Double> xs, List<Double> ys) {
        return with(new Series(name, Style.LINE, xs, ys, List.of(), List.of()));
    }

    /** The same with a line more that is flat from each {@code x} to the next. */
    public Chart steps(String name, List<Double> xs, List<Double> ys) {
        return with(new Series(name, Style.STEPS, xs, ys, List.of(), List.of()));
    }

    /**
     * The same with the outline of a histogram more.
     *
     * @param from where the bins begin, rising; between bins there is nothing
     * @param to where they end, as many
     * @param counts how much is in them, as many
     */
    public Chart histogram(String name, List<Double> from, List<Double> to, List<Double> counts) {
        List<Double> xs = new ArrayList<>();
        List<Double> ys = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            if (i == 0 || from.get(i) > to.get(i - 1)) {
                xs.add(from.get(i));
                ys.add(0.0);
            }
            xs.add(from.get(i));
            ys.add(counts.get(i));
            if (i == counts.size() - 1 || from.get(i + 1) > to.get(i)) {
                xs.add(to.get(i));
                ys.add(0.0);
            }
        }
        return steps(name, xs, ys);
    }

    /** The same with dots more. */
    public Chart points(String name, List<Double> xs, List<Double> ys) {
        return with(new Series(name, Style.POINTS, xs, ys, List.of(), List.of()));
    }

    /** The same with dots more, each with an interval. */
    public Chart intervals(String name, List<Double> xs, List<Double> ys, List<Double> lower, List<Double> upper) {
        return with(new Series(name, Style.POINTS, xs, ys, lower, upper));
    }

    /** The same with a value of {@code y} marked. */
    public Chart level(String label, double value) {
        return new Chart(title, x, y, logX, logY, series, and(levels, new Mark(value, label)), marks);
    }

    /** The same with a value of {@code x} marked. */
    public Chart mark(String label, double value) {
        return new Chart(title, x, y, logX, logY, series, levels, and(marks, new Mark(value, label)));
    }

    private Chart with(Series more) {
        return new Chart(title, x, y, logX, logY, and(series, more), levels, marks);
    }

    private static <T> List<T> and(List<T> list, T more) {
        List<T> all = new ArrayList<>(list);
        all.add(more);
        return all;
    }

    /** Every value of {@code x} that has to be on the chart. */
    Stream<Double> allX() {
        return Stream.concat(
                series.stream().flatMap(one -> one.xs().stream()),
                marks.stream().map(Mark::value));
    }

    /** Every value of {@code y} that has to be on the chart. */
    Stream<Double> allY() {
        return Stream.concat(
                series.stream()
                        .flatMap(one ->
                                Stream.of(one.ys(), one.lower(), one.upper()).flatMap(List::stream)),
                levels.stream().map(Mark::value));
    }

    /** The chart as SVG. */
    public String svg() {
        return ChartPicture.of(this);
    }
}
