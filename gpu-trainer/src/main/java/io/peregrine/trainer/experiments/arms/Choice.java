package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value of an axis.
 *
 * @param name part of the arm's name
 * @param value where it stands in charts, if the axis is one of numbers
 * @param set keys of the run file
 * @param model keys of the model's {@code config.json}
 * @param eighths how the channels are shared out
 */
public record Choice(
        @Key(doc = "part of the arm's name: a-z, 0-9, '.', '_' and '-'")
        String name,

        @Key(doc = "where it stands on a chart's axis, if the axis is one of numbers")
        Optional<Double> value,

        @Key(doc = "keys of the run file") Map<String, JsonNode> set,

        @Key(doc = "keys of the model's config.json") Map<String, JsonNode> model,

        @Key(
                doc = "shares of the channels, in eighths; sets mamba_d_ssm, mamba_n_heads, num_attention_heads and"
                        + " intermediate_size")
        Optional<Eighths> eighths) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    static final Choice DEFAULTS = new Choice("only", Optional.empty(), Map.of(), Map.of(), Optional.empty());

    public Choice {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException("name", name, "must be 1 to 63 of a-z, 0-9, '.', '_' and '-'");
        }
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
        ExperimentConfig.requireKeys(set);
    }

    /** A choice that changes no setting: what it stands for is known to whoever orders its sequences. */
    public static Choice named(String name) {
        return new Choice(name, Optional.empty(), Map.of(), Map.of(), Optional.empty());
    }
}
