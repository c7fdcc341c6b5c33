package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.data.config.YamlConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An experiment file: which arms there are, and what all of them have in common.
 *
 * @param name of the experiment's folder
 * @param about what is asked
 * @param run the run file whose tokenizer, plan and shards the arms use
 * @param model keys of the model's {@code config.json}, for all arms, over those of the run's {@code train.model}
 * @param multipliers whether the model's multipliers follow its shape
 * @param seeds every arm is trained once with each
 * @param set keys of the run file, for all arms
 * @param axes what is varied; an arm is one choice on each
 * @param presets sizes that the experiment comes in, by name
 */
public record ExperimentConfig(
        @Key(doc = "name of the experiment's folder below 95-experiments: a-z, 0-9 and '-'")
        String name,

        @Key(doc = "what is asked, in a sentence; shown on the page")
        String about,

        @Key(doc = "the run file whose tokenizer, plan and shards are used")
        String run,

        @Key(doc = "keys of the model's config.json for all arms, over those of the run's train.model")
        Map<String, JsonNode> model,

        @Key(doc = "keep: those of the model's config.json; mup: the closed form of each arm's shape (model mup)")
        MultiplierRule multipliers,

        @Key(doc = "every arm is trained once with each; arms of one seed have equal first weights and data")
        List<Long> seeds,

        @Key(doc = "keys of the run file for all arms, such as {train.steps: 200}; only train.* and mixture.*")
        Map<String, JsonNode> set,

        @Key(doc = "what is varied; an arm is one choice on each axis")
        List<Axis> axes,

        @Key(doc = "sizes of the experiment by name; --preset chooses one")
        Map<String, Preset> presets) {
    /** How multipliers are chosen. */
    public enum MultiplierRule {
        KEEP,
        MUP
    }

    /** The preset of a file that has none. */
    public static final String SMALL = "small";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    static final ExperimentConfig DEFAULTS = new ExperimentConfig(
            "experiment",
            "",
            "conf/runs/quickstart.yaml",
            Map.of(),
            MultiplierRule.KEEP,
            List.of(1L),
            Map.of(),
            List.of(),
            Map.of());

    public ExperimentConfig {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigException("name", name, "must be 1 to 63 of a-z, 0-9 and '-', the first no '-'");
        }
        seeds = List.copyOf(seeds);
        requireSeeds(seeds);
        model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        requireKeys(set);
        axes = List.copyOf(axes);
        if (new TreeSet<>(axes.stream().map(Axis::name).toList()).size() != axes.size()) {
            throw new ConfigException(
                    "axes", axes.stream().map(Axis::name).toList(), "every axis must have a name of its own");
        }
        presets = Collections.unmodifiableMap(new LinkedHashMap<>(presets));
    }

    /**
     * An experiment that a command brings along.
     *
     * @param owner class beside which the file stands
     */
    public static ExperimentConfig builtIn(Class<?> owner, String file) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + file);
            }
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return YamlConfig.parse(Path.of(file), yaml, ExperimentConfig.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + file, e);
        }
    }

    /** The same experiment with other axes. */
    public ExperimentConfig withAxes(List<Axis> others) {
        return new ExperimentConfig(name, about, run, model, multipliers, seeds, set, others, presets);
    }

    /**
     * The preset of this name; nothing is changed by {@value #SMALL} where the file does not say it.
     *
     * @throws ConfigException if there is none
     */
    public Preset preset(String preset) {
        if (presets.containsKey(preset)) {
            return presets.get(preset);
        }
        if (preset.equals(SMALL)) {
            return Preset.DEFAULTS;
        }
        throw new ConfigException(
                "--preset",
                preset,
                "experiment '%s' has %s".formatted(name, presets.isEmpty() ? "only small" : presets.keySet()));
    }

    /** Only what decides a training may differ between arms: the shards are those of the run. */
    static void requireKeys(Map<String, JsonNode> set) {
        set.keySet().forEach(key -> {
            if (!key.startsWith("train.") && !key.startsWith("mixture.")) {
                throw new ConfigException(
                        "set." + key, set.get(key), "an arm may set keys of 'train' and 'mixture' only");
            }
        });
    }

    static void requireSeeds(List<Long> seeds) {
        if (seeds.isEmpty() || new TreeSet<>(seeds).size() != seeds.size()) {
            throw new ConfigException("seeds", seeds, "must be one or more, each once");
        }
        seeds.forEach(seed -> {
            if (seed < 0) {
                throw new ConfigException("seeds", seeds, "must be >= 0");
            }
        });
    }
}
