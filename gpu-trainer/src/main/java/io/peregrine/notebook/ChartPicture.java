package io.peregrine.notebook;

import java.util.List;
import java.util.Locale;

/** Draws a {@link Chart}. */
final class ChartPicture {
    private static final int WIDTH = 780;
    private static final int HEIGHT = 340;
    private static final int LEFT = 78;
    private static final int RIGHT = WIDTH - 24;
    private static final int TOP = 56;
    private static final int BELOW = 48;

    private static final String GRID = "stroke=\"#e6e6e6\"";
    private static final String FRAME = "stroke=\"#888888\" fill=\"none\"";
    private static final String MARK = "stroke=\"#333333\" stroke-dasharray=\"5 4\"";

    private final Chart chart;
    private final List<String> names;
    private final int height;
    private final int top;
    private final int bottom;
    private final Axis across;
    private final Axis up;
    private final Svg svg;

    private ChartPicture(Chart chart) {
        this.chart = chart;
        this.names = chart.series().stream().map(Chart.Series::name).toList();
        int more = Svg.moreRows(LEFT, RIGHT, names);
        this.height = HEIGHT + more;
        this.top = TOP + more;
        this.bottom = height - BELOW;
        this.across = Axis.over(chart.allX().toList(), chart.logX(), LEFT, RIGHT);
        this.up = Axis.over(chart.allY().toList(), chart.logY(), bottom, top);
        this.svg = new Svg(WIDTH, height, chart.title());
    }

    static String of(Chart chart) {
        ChartPicture picture = new ChartPicture(chart);
        picture.axes();
        for (int i = 0; i < chart.series().size(); i++) {
            picture.series(chart.series().get(i), Svg.colour(i));
        }
        picture.marks();
        return picture.svg.end();
    }

    private void axes() {
        svg.legend(LEFT, 42, RIGHT, names);
        for (double tick : across.ticks()) {
            svg.line(across.at(tick), top, across.at(tick), bottom, GRID);
            svg.label(across.at(tick), bottom + 16, "middle", Axis.format(tick));
        }
        for (double tick : up.ticks()) {
            svg.line(LEFT, up.at(tick), RIGHT, up.at(tick), GRID);
            svg.label(LEFT - 6, up.at(tick) + 4, "end", Axis.format(tick));
        }
        svg.rect(LEFT, top, RIGHT - LEFT, bottom - top, FRAME);
        svg.label((LEFT + RIGHT) / 2.0, height - 12, "middle", chart.x());
        svg.upward(18, (top + bottom) / 2.0, chart.y());
    }

    private void series(Chart.Series series, String colour) {
        if (series.style() == Chart.Style.POINTS) {
            points(series, colour);
            return;
        }
        StringBuilder path = new StringBuilder();
        boolean down = false;
        double before = 0;
        for (int i = 0; i < series.xs().size(); i++) {
            double x = across.at(series.xs().get(i));
            double y = up.at(series.ys().get(i));
            if (!Double.isFinite(x) || !Double.isFinite(y)) {
                down = false;
                continue;
            }
            if (down && series.style() == Chart.Style.STEPS) {
                path.append(point('L', x, before));
            }
            path.append(point(down ? 'L' : 'M', x, y));
            down = true;
            before = y;
        }
        svg.path(path, "fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke=\"%s\"".formatted(colour));
    }

    private void points(Chart.Series series, String colour) {
        List<Double> ys = series.ys();
        for (int i = 0; i < ys.size(); i++) {
            double x = across.at(series.xs().get(i));
            double y = up.at(ys.get(i));
            if (!Double.isFinite(x) || !Double.isFinite(y)) {
                continue;
            }
            if (!series.lower().isEmpty()) {
                double low = Math.min(bottom, orElse(up.at(series.lower().get(i)), bottom));
                double high = Math.max(top, orElse(up.at(series.upper().get(i)), top));
                String stroke = "stroke=\"%s\" stroke-width=\"1.2\"".formatted(colour);
                svg.line(x, low, x, high, stroke);
                svg.line(x - 4, low, x + 4, low, stroke);
                svg.line(x - 4, high, x + 4, high, stroke);
            }
            svg.circle(x, y, series.lower().isEmpty() ? 2.4 : 3.4, "fill=\"%s\"".formatted(colour));
        }
    }

    private void marks() {
        for (Chart.Mark level : chart.levels()) {
            double y = up.at(level.value());
            if (Double.isFinite(y)) {
                svg.line(LEFT, y, RIGHT, y, MARK);
                svg.label(RIGHT - 4, y - 4, "end", level.label());
            }
        }
        for (int i = 0; i < chart.marks().size(); i++) {
            Chart.Mark mark = chart.marks().get(i);
            double x = across.at(mark.value());
            if (Double.isFinite(x)) {
                boolean fits = x + 8 + Svg.widthOf(mark.label()) < RIGHT;
                svg.line(x, top, x, bottom, MARK);
                svg.label(fits ? x + 4 : x - 4, top + 14 + 14 * (i % 4), fits ? "start" : "end", mark.label());
            }
        }
    }

    private static double orElse(double value, double other) {
        return Double.isFinite(value) ? value : other;
    }

    private static String point(char command, double x, double y) {
        return String.format(Locale.ROOT, "%c%.1f %.1f", command, x, y);
    }
}
