package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.train.TrainConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An experiment in one of its sizes, on one run.
 *
 * <p>Settings come over each other: the run file, the experiment's, the preset's, those of the arm's choices axis by axis,
 * and last those of the command line.
 *
 * @param config what is asked
 * @param presetName its size
 * @param runFile the run whose shards are used
 * @param overrides keys of the run file as the command line sets them
 */
public record Experiment(ExperimentConfig config, String presetName, Path runFile, Map<String, String> overrides) {
    /** Below a run's root, where its experiments are. */
    public static final String FOLDER = "95-experiments";

    public Experiment {
        overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
        config.preset(presetName);
        if (arms(config).size()
                != new TreeSet<>(arms(config).stream().map(ArmSpec::name).toList()).size()) {
            throw new ConfigException("axes", config.axes(), "no two arms may have the same name");
        }
    }

    /** Its arms; differences are taken from the first. */
    public List<ArmSpec> arms() {
        return arms(config);
    }

    private static List<ArmSpec> arms(ExperimentConfig config) {
        return ArmSpec.product(config.axes());
    }

    /** The seeds that every arm is trained with. */
    public List<Long> seeds() {
        return preset().seeds().orElse(config.seeds());
    }

    /** The run file without what arms change. */
    public RunFile settings() {
        return settings(new ArmSpec(List.of(), List.of()));
    }

    /** The run file as an arm has it, but for the model. */
    public RunFile settings(ArmSpec arm) {
        return RunFile.open(runFile, keys(arm));
    }

    /**
     * The run file as an arm has it.
     *
     * @param modelFile where {@link #model} was written
     */
    public RunFile settings(ArmSpec arm, Path modelFile) {
        Map<String, String> keys = keys(arm);
        keys.put("train.model", TextNode.valueOf(modelFile.toString()).toString());
        return RunFile.open(runFile, keys);
    }

    private Map<String, String> keys(ArmSpec arm) {
        Map<String, String> keys = new LinkedHashMap<>();
        put(config.set(), keys);
        put(preset().set(), keys);
        arm.choices().forEach(choice -> put(choice.set(), keys));
        keys.putAll(overrides);
        return keys;
    }

    /**
     * The model of an arm.
     *
     * @throws ConfigException naming arm, key and rule if there is no such model
     */
    public FalconH1Config model(ArmSpec arm) {
        Path base = Path.of(settings(arm).section("train", TrainConfig.class).model());
        Map<String, JsonNode> common = new LinkedHashMap<>(config.model());
        common.putAll(preset().model());
        return ArmModel.of(FalconH1Config.read(base), common, arm, config.multipliers());
    }

    /** Whether an arm's mixture is not the run's. */
    boolean changesMixture(ArmSpec arm) {
        return keys(arm).keySet().stream().anyMatch(key -> key.startsWith("mixture."));
    }

    /** Where everything of it is. */
    public Path folder() {
        return settings().layout().root().resolve(FOLDER).resolve(config.name() + "-" + presetName);
    }

    private Preset preset() {
        return config.preset(presetName);
    }

    /** As {@code --set} takes them: numbers without exponents, which YAML would read as text, and all else as JSON. */
    private static void put(Map<String, JsonNode> set, Map<String, String> keys) {
        set.forEach((key, value) ->
                keys.put(key, value.isNumber() ? value.decimalValue().toPlainString() : value.toString()));
    }
}
