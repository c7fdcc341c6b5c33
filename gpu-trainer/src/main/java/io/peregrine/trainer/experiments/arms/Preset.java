package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.config.Key;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A size of an experiment: what it changes for all arms.
 *
 * @param model keys of the model's {@code config.json}, over those of the experiment
 * @param seeds in place of the experiment's
 * @param set keys of the run file, over those of the experiment
 */
public record Preset(
        @Key(doc = "keys of the model's config.json, over those of the experiment")
        Map<String, JsonNode> model,

        @Key(doc = "seeds in place of the experiment's") Optional<List<Long>> seeds,

        @Key(doc = "keys of the run file, over those of the experiment")
        Map<String, JsonNode> set) {
    static final Preset DEFAULTS = new Preset(Map.of(), Optional.empty(), Map.of());

    public Preset {
        seeds = seeds.map(List::copyOf);
        seeds.ifPresent(ExperimentConfig::requireSeeds);
        model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        ExperimentConfig.requireKeys(set);
    }
}
