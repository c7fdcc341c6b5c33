package io.peregrine.trainer.experiments.arms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An arm: one choice on each axis.
 *
 * @param axes names of the axes
 * @param choices the choice on each, in the same order
 */
public record ArmSpec(List<String> axes, List<Choice> choices) {
    /** What an arm is called that nothing is varied in. */
    private static final String ALONE = "arm";

    public ArmSpec {
        axes = List.copyOf(axes);
        choices = List.copyOf(choices);
        if (axes.size() != choices.size()) {
            throw new IllegalArgumentException("%d choices on %d axes".formatted(choices.size(), axes.size()));
        }
    }

    /** All arms of some axes, the last axis going round fastest. */
    public static List<ArmSpec> product(List<Axis> axes) {
        List<List<Choice>> arms = new ArrayList<>(List.of(List.of()));
        for (Axis axis : axes) {
            List<List<Choice>> longer = new ArrayList<>();
            for (List<Choice> arm : arms) {
                for (Choice choice : axis.choices()) {
                    List<Choice> more = new ArrayList<>(arm);
                    more.add(choice);
                    longer.add(more);
                }
            }
            arms = longer;
        }
        List<String> names = axes.stream().map(Axis::name).toList();
        return arms.stream().map(choices -> new ArmSpec(names, choices)).toList();
    }

    /** The choices' names in a row. */
    public String name() {
        return choices.isEmpty() ? ALONE : choices.stream().map(Choice::name).collect(Collectors.joining("--"));
    }

    /** The choice on each axis, by name. */
    public Map<String, String> coordinates() {
        Map<String, String> coordinates = new LinkedHashMap<>();
        for (int i = 0; i < axes.size(); i++) {
            coordinates.put(axes.get(i), choices.get(i).name());
        }
        return coordinates;
    }

    /** Where the arm stands on the axes that are of numbers. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < axes.size(); i++) {
            Optional<Double> value = choices.get(i).value();
            if (value.isPresent()) {
                values.put(axes.get(i), value.get());
            }
        }
        return values;
    }
}
