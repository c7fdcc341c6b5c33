package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A comparison as the JSON that {@code experiment.js} draws. */
public final class ComparisonFacts {
    static final String SCRIPT = "experiment.js";

    private ComparisonFacts() {}

    /**
     * All that the page shows.
     *
     * @param experiment what was asked
     * @param comparison what came of it
     */
    public static ObjectNode of(Experiment experiment, Comparison comparison) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("title", "%s (%s)".formatted(experiment.config().name(), experiment.presetName()));
        facts.put("about", experiment.config().about());
        ArrayNode head = facts.putArray("facts");
        head.addObject().put("label", "run").put("value", experiment.runFile().toString());
        head.addObject().put("label", "seeds").put("value", experiment.seeds().toString());
        head.addObject()
                .put("label", "arms")
                .put("value", Integer.toString(comparison.arms().size()));
        ArrayNode axes = facts.putArray("axes");
        experiment.config().axes().forEach(axis -> {
            ObjectNode node = axes.addObject().put("name", axis.name());
            node.put(
                    "numbers",
                    axis.choices().stream()
                                    .filter(choice -> choice.value().isPresent())
                                    .count()
                            > 1);
            axis.choices().forEach(choice -> node.withArray("choices").add(choice.name()));
        });
        List<String> streams = comparison.streams();
        streams.forEach(facts.putArray("streams")::add);
        ArrayNode arms = facts.putArray("arms");
        comparison.arms().forEach(row -> arm(arms.addObject(), row));
        return facts;
    }

    private static void arm(ObjectNode node, Comparison.Row row) {
        node.put("name", row.arm())
                .put("diverged", row.diverged())
                .put("seeds", row.seeds().size());
        ObjectNode coordinates = node.putObject("coordinates");
        row.coordinates().forEach(coordinates::put);
        ObjectNode values = node.putObject("values");
        row.values().forEach(values::put);
        ArrayNode curves = node.putArray("curves");
        row.seeds()
                .forEach(seed -> seed.trained().ifPresent(trained -> {
                    ArrayNode curve = curves.addArray();
                    trained.curve()
                            .forEach(point ->
                                    curve.addObject().put("x", point.tokens()).put("y", point.loss()));
                }));
        row.outcome().ifPresent(outcome -> {
            node.put("parameters", outcome.parameters())
                    .put("flopsPerToken", outcome.flopsPerToken())
                    .put("tokensPerSecond", outcome.tokensPerSecond())
                    .put("trainingLoss", outcome.trainingLoss());
            interval(node.putObject("heldOut"), outcome.heldOut());
            outcome.difference().ifPresent(it -> interval(node.putObject("difference"), it));
            outcome.seedDifference().ifPresent(it -> interval(node.putObject("seedDifference"), it));
            ObjectNode streams = node.putObject("streamLoss");
            outcome.streams().forEach((name, it) -> interval(streams.putObject(name), it));
            ObjectNode differences = node.putObject("streamDifference");
            outcome.streamDifferences().forEach((name, it) -> interval(differences.putObject(name), it));
            ArrayNode norms = node.putArray("norms");
            row.seeds()
                    .get(0)
                    .trained()
                    .ifPresent(trained -> trained.norms()
                            .forEach(norm -> norms.addObject()
                                    .put("kind", norm.kind())
                                    .put("matrix", norm.matrix())
                                    .put("rms", norm.rms())));
        });
    }

    /** An interval that is not bounded has no ends. */
    static void interval(ObjectNode node, Interval interval) {
        node.put("mean", interval.mean()).put("count", interval.count());
        if (interval.isBounded()) {
            node.put("low", interval.low()).put("high", interval.high());
        }
    }
}
