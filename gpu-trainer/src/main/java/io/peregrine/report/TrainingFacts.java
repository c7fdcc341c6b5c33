package io.peregrine.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.trainer.optim.EffectiveRates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The curves of training and what they come to. */
final class TrainingFacts {
    /** More points than a wide screen has would only make the page heavy. */
    private static final int POINTS_MAX = 1200;

    private static final int FINAL_STEPS = 10;
    private static final List<String> CURVES = List.of(
            "loss",
            "learning_rate",
            "weight_decay",
            "sequences",
            "gradient_norm",
            "parameter_norm",
            "tokens_per_second",
            "gflops");

    private TrainingFacts() {}

    /**
     * @param lines the lines of {@code metrics.jsonl}, in order; at least one of them a step
     * @param summary {@code training.json}, or an empty object while training goes on
     */
    static ObjectNode of(List<JsonNode> lines, JsonNode summary) {
        List<JsonNode> steps = ofKind("step", lines);
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        int stepsPerPoint = (steps.size() + POINTS_MAX - 1) / POINTS_MAX;
        facts.put("stepsPerPoint", stepsPerPoint);
        facts.set("steps", points(steps, stepsPerPoint));
        ArrayNode validation = facts.putArray("validation");
        ofKind("validation", lines).forEach(validation::add);
        ofKind("spike", lines).forEach(facts.putArray("spikes")::add);
        ofKind("rollback", lines).forEach(facts.putArray("rollbacks")::add);
        facts.set("norms", norms(steps));

        List<JsonNode> last = steps.subList(Math.max(0, steps.size() - FINAL_STEPS), steps.size());
        double finalLoss = mean("loss", last);
        facts.put("finalLoss", finalLoss).put("finalSteps", last.size());
        double tokensPerSecond = median("tokens_per_second", steps);
        facts.put("tokensPerSecond", tokensPerSecond);

        JsonNode lastStep = steps.get(steps.size() - 1);
        ArrayNode table = facts.putArray("facts");
        fact(table, "steps", "%,d", lastStep.path("step").asLong());
        fact(table, "tokens trained on", "%,d", lastStep.path("tokens").asLong());
        fact(
                table,
                "loss of the first step",
                "%.3f nats",
                steps.get(0).path("loss").asDouble());
        fact(table, "loss at the end", "%.3f nats, mean of the last %d steps", finalLoss, last.size());
        if (summary.has("unigram_nats")) {
            facts.set("unigramNats", summary.get("unigram_nats"));
            fact(
                    table,
                    "unigram entropy",
                    "%.3f nats: what the loss has to beat",
                    summary.get("unigram_nats").asDouble());
        }
        if (summary.has("parameters")) {
            fact(table, "parameters", "%,d", summary.get("parameters").asLong());
        }
        List<JsonNode> measured = ofKind("validation", lines);
        if (!measured.isEmpty()) {
            JsonNode at = measured.get(measured.size() - 1);
            fact(
                    table,
                    "held-out loss at the end",
                    "%.3f nats, %.3f bits per byte, over %,d predictions",
                    at.path("loss").asDouble(),
                    at.path("bits_per_byte").asDouble(),
                    at.path("predictions").asLong());
        }
        fact(table, "speed", "%,.0f tokens/s, %,.1f GFLOP/s, medians", tokensPerSecond, median("gflops", steps));
        if (lastStep.has("mfu")) {
            fact(table, "MFU", "%.3f of the device's datasheet, median", median("mfu", steps));
        }
        if (lastStep.has("memory_most_bytes")) {
            fact(
                    table,
                    "device memory",
                    "%.1f GiB in tensors at most",
                    lastStep.path("memory_most_bytes").asDouble() / (1L << 30));
        }
        return facts;
    }

    /** Whether there is anything to draw. */
    static boolean hasSteps(List<JsonNode> lines) {
        return !ofKind("step", lines).isEmpty();
    }

    private static List<JsonNode> ofKind(String kind, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .toList();
    }

    private static ArrayNode points(List<JsonNode> steps, int stepsPerPoint) {
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        for (int from = 0; from < steps.size(); from += stepsPerPoint) {
            List<JsonNode> together = steps.subList(from, Math.min(steps.size(), from + stepsPerPoint));
            ObjectNode point = points.addObject();
            point.set("step", together.get(together.size() - 1).get("step"));
            CURVES.forEach(curve -> point.put(curve, mean(curve, together)));
            double rate = mean("learning_rate", together);
            double decay = mean("weight_decay", together);
            if (rate > 0 && decay > 0) { // where both are known and the coordinates exist
                EffectiveRates effective = EffectiveRates.of(rate, decay);
                point.put("elr", effective.elr()).put("ewd", effective.ewd());
            }
        }
        return points;
    }

    /** Of the steps that have norms, as many as a screen shows. */
    private static ArrayNode norms(List<JsonNode> steps) {
        List<JsonNode> measured =
                steps.stream().filter(step -> step.has("norms")).toList();
        ArrayNode norms = JsonNodeFactory.instance.arrayNode();
        int every = (measured.size() + POINTS_MAX - 1) / POINTS_MAX;
        for (int i = 0; i < measured.size(); i += every) {
            ObjectNode point = measured.get(i).get("norms").deepCopy();
            norms.add(point.set("step", measured.get(i).get("step")));
        }
        return norms;
    }

    private static double mean(String key, List<JsonNode> steps) {
        return steps.stream()
                .mapToDouble(step -> step.path(key).asDouble(Double.NaN))
                .average()
                .orElse(Double.NaN);
    }

    private static double median(String key, List<JsonNode> steps) {
        List<Double> sorted = new ArrayList<>(
                steps.stream().map(step -> step.path(key).asDouble(Double.NaN)).toList());
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static void fact(ArrayNode table, String label, String format, Object... values) {
        table.addObject().put("label", label).put("value", String.format(Locale.ROOT, format, values));
    }
}
