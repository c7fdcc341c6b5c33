package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.MuP;
import java.util.Map;

/** The {@code config.json} of an arm's model. */
final class ArmModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ArmModel() {}

    /**
     * The base model with what an arm changes.
     *
     * @param base the base model
     * @param common keys that all arms change
     * @param arm whose choices are applied, axis by axis
     * @param multipliers whether those of the base stay
     * @throws io.peregrine.data.ConfigException naming the arm, the key and the rule if the result is no model
     */
    static FalconH1Config of(
            FalconH1Config base,
            Map<String, JsonNode> common,
            ArmSpec arm,
            ExperimentConfig.MultiplierRule multipliers) {
        boolean same = common.isEmpty()
                && arm.choices().stream()
                        .allMatch(choice ->
                                choice.model().isEmpty() && choice.eighths().isEmpty());
        if (same && multipliers == ExperimentConfig.MultiplierRule.KEEP) {
            return base; // the very text, which a checkpoint of it has too
        }
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(base.json());
            common.forEach(json::set);
            for (Choice choice : arm.choices()) {
                choice.model().forEach(json::set);
                choice.eighths().ifPresent(eighths -> eighths.applyTo(json));
            }
            String origin = "arm " + arm.name();
            FalconH1Config changed = FalconH1Config.parse(text(json), origin);
            return multipliers == ExperimentConfig.MultiplierRule.KEEP
                    ? changed
                    : FalconH1Config.parse(MuP.withMultipliers(changed), origin);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration's text is JSON", e);
        }
    }

    private static String text(ObjectNode json) throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }
}
