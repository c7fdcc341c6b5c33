package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.List;
import java.util.TreeSet;

/**
 * Something that is varied.
 *
 * @param name what it is
 * @param choices its values; the first is what the others are compared with
 */
public record Axis(
        @Key(doc = "what is varied") String name,

        @Key(doc = "its values; differences are taken from the arm of all first choices")
        List<Choice> choices) {
    public Axis {
        if (name.isBlank()) {
            throw new ConfigException("name", name, "must not be blank");
        }
        choices = List.copyOf(choices);
        List<String> names = choices.stream().map(Choice::name).toList();
        if (choices.isEmpty() || new TreeSet<>(names).size() != names.size()) {
            throw new ConfigException("choices", names, "must be one or more, each with a name of its own");
        }
    }
}
