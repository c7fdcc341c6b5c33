package io.peregrine.notebook;

import java.util.ArrayList;
import java.util.List;

/**
 * Lengths beside names: counts by reason, or by stage and domain.
 *
 * @param title above it
 * @param unit what a length is
 * @param parts names of the colours; a single one is not explained
 * @param rows from the top
 */
public record BarChart(String title, String unit, List<String> parts, List<Row> rows) {
    private static final int WIDTH = 780;
    private static final int ROW = 20;
    private static final int RIGHT = WIDTH - 80;
    private static final double NAME_MAX = 300;

    public BarChart {
        parts = List.copyOf(parts);
        rows = List.copyOf(rows);
        for (Row row : rows) {
            if (row.lengths().size() != parts.size()) {
                throw new IllegalArgumentException("bar '%s' has %d lengths: must be one for each of %s"
                        .formatted(row.name(), row.lengths().size(), parts));
            }
        }
    }

    /**
     * A bar.
     *
     * @param name beside it
     * @param lengths of its parts, one after the other, each 0 or more
     */
    public record Row(String name, List<Double> lengths) {
        public Row {
            lengths = List.copyOf(lengths);
            lengths.forEach(length -> {
                if (!(length >= 0) || length.isInfinite()) {
                    throw new IllegalArgumentException(
                            "bar '%s' = %s: must be finite and >= 0".formatted(name, length));
                }
            });
        }

        double total() {
            return lengths.stream().mapToDouble(length -> length).sum();
        }
    }

    /** A chart without bars yet, all of one colour. */
    public static BarChart of(String title, String unit) {
        return new BarChart(title, unit, List.of(""), List.of());
    }

    /** A chart without bars yet, each of parts one after the other. */
    public static BarChart of(String title, String unit, List<String> parts) {
        return new BarChart(title, unit, parts, List.of());
    }

    /** The same with a bar more. */
    public BarChart bar(String name, List<Double> lengths) {
        List<Row> more = new ArrayList<>(rows);
        more.add(new Row(name, lengths));
        return new BarChart(title, unit, parts, more);
    }

    /** The same with a bar more, of one colour. */
    public BarChart bar(String name, double length) {
        return bar(name, List.of(length));
    }

    /** The chart as SVG. */
    public String svg() {
        boolean explained = parts.size() > 1;
        double left = 20
                + Math.min(
                        NAME_MAX,
                        rows.stream()
                                .mapToDouble(row -> Svg.widthOf(row.name()))
                                .max()
                                .orElse(0));
        int top = explained ? 54 + Svg.moreRows(left, RIGHT, parts) : 34;
        int bottom = top + rows.size() * ROW + 4;
        double most = rows.stream().mapToDouble(Row::total).max().orElse(0);
        Axis axis = new Axis(0, most > 0 ? most : 1, false, left, RIGHT);
        Svg svg = new Svg(WIDTH, bottom + 44, title);
        if (explained) {
            svg.legend(left, 42, RIGHT, parts);
        }
        for (double tick : axis.ticks()) {
            svg.line(axis.at(tick), top, axis.at(tick), bottom, "stroke=\"#e6e6e6\"");
            svg.label(axis.at(tick), bottom + 16, "middle", Axis.format(tick));
        }
        svg.label((left + RIGHT) / 2, bottom + 36, "middle", unit);
        for (int i = 0; i < rows.size(); i++) {
            row(svg, axis, rows.get(i), top + i * ROW);
        }
        return svg.end();
    }

    private static void row(Svg svg, Axis axis, Row row, double y) {
        svg.label(axis.start() - 6, y + 15, "end", row.name());
        double from = 0;
        for (int part = 0; part < row.lengths().size(); part++) {
            double to = from + row.lengths().get(part);
            svg.rect(
                    axis.at(from),
                    y + 3,
                    axis.at(to) - axis.at(from),
                    ROW - 5,
                    "fill=\"%s\"".formatted(Svg.colour(part)));
            from = to;
        }
        svg.label(axis.at(from) + 5, y + 15, "start", Axis.format(from));
    }
}
