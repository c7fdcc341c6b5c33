package io.peregrine.trainer.experiments.arms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where the loss is lowest along an axis of numbers, for each choice on the other axes: whether the best learning rate is the
 * same at every width, say.
 *
 * @param axis the axis of numbers
 * @param others choices on the other axes
 * @param best the choice of lowest held-out loss
 * @param loss its loss
 * @param atTheEdge whether it is the smallest or largest value there was, so that the lowest may lie beyond
 */
record BestChoices(String axis, String others, String best, double loss, boolean atTheEdge) {
    /** Fewer values have no inside. */
    private static final int VALUES_MIN = 3;

    /** All there are to say; none if there is one axis only. */
    static List<BestChoices> of(Comparison comparison) {
        List<BestChoices> found = new ArrayList<>();
        List<Comparison.Row> rows = comparison.arms().stream()
                .filter(row -> row.outcome().isPresent() && row.coordinates().size() > 1)
                .toList();
        rows.stream()
                .flatMap(row -> row.values().keySet().stream())
                .distinct()
                .forEach(axis -> found.addAll(along(axis, rows)));
        return found;
    }

    private static List<BestChoices> along(String axis, List<Comparison.Row> rows) {
        Map<String, List<Comparison.Row>> groups = new LinkedHashMap<>();
        for (Comparison.Row row : rows) {
            if (row.values().containsKey(axis)) {
                String others = row.coordinates().entrySet().stream()
                        .filter(coordinate -> !coordinate.getKey().equals(axis))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining(", "));
                groups.computeIfAbsent(others, key -> new ArrayList<>()).add(row);
            }
        }
        List<BestChoices> found = new ArrayList<>();
        groups.forEach((others, group) -> {
            TreeSet<Double> values = new TreeSet<>(
                    group.stream().map(row -> row.values().get(axis)).toList());
            if (values.size() >= VALUES_MIN) {
                Comparison.Row best = group.stream()
                        .reduce((a, b) -> loss(b) < loss(a) ? b : a)
                        .orElseThrow();
                double at = best.values().get(axis);
                found.add(new BestChoices(
                        axis,
                        others,
                        best.coordinates().get(axis),
                        loss(best),
                        at == values.first() || at == values.last()));
            }
        });
        return found;
    }

    private static double loss(Comparison.Row row) {
        return row.outcome().orElseThrow().heldOut().mean();
    }
}
