package io.peregrine.trainer.experiments.coordinates;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A size over widths, and its exponent: the slope of a straight line through the logarithms.
 *
 * @param parametrization how multipliers follow the width
 * @param activation what was measured
 * @param isUpdate whether it is the change by the steps, and not the size after them
 * @param byWidth geometric means over seeds
 * @param slope exponent of the width
 * @param slopeError its standard error
 */
record WidthCurve(
        Parametrization parametrization,
        String activation,
        boolean isUpdate,
        Map<Integer, Double> byWidth,
        double slope,
        double slopeError) {
    /** What begins the names of points that are changes, and sizes. */
    static final String UPDATE = "update ";

    static final String SIZE = "size ";

    /** Measured values of each width. */
    static final class Points {
        private final Map<Integer, List<Double>> values = new TreeMap<>();

        void add(int width, double value) {
            values.computeIfAbsent(width, it -> new ArrayList<>()).add(value);
        }
    }

    static WidthCurve of(Parametrization parametrization, String name, Points points) {
        SimpleRegression line = new SimpleRegression();
        Map<Integer, Double> means = new TreeMap<>();
        points.values.forEach((width, values) -> {
            double logs = 0;
            for (double value : values) {
                line.addData(Math.log(width), Math.log(value));
                logs += Math.log(value);
            }
            means.put(width, Math.exp(logs / values.size()));
        });
        boolean isUpdate = name.startsWith(UPDATE);
        return new WidthCurve(
                parametrization,
                name.substring((isUpdate ? UPDATE : SIZE).length()),
                isUpdate,
                means,
                line.getSlope(),
                line.getSlopeStdErr());
    }
}
