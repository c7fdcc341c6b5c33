package io.peregrine.trainer.experiments.rates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.trainer.experiments.arms.ArmResult;
import java.util.List;
import java.util.Locale;

/** The study on the page, and as text. */
final class RatesFacts {
    private RatesFacts() {}

    /** Adds to the facts of the comparison. */
    static void add(ObjectNode facts, RatesStudy study, List<ArmResult> results) {
        for (JsonNode arm : facts.path("arms")) {
            results.stream()
                    .filter(result -> result.arm().equals(arm.path("name").asText()))
                    .flatMap(result -> result.trained().stream())
                    .findFirst()
                    .ifPresent(trained -> ((ObjectNode) arm).put("matrixRms", RatesStudy.matrixRms(trained)));
        }
        ObjectNode rates = facts.putObject("rates");
        rates.put("relaxations", study.relaxations());
        ArrayNode fits = rates.putArray("fits");
        study.fits().forEach((kind, fit) -> {
            ObjectNode node = fits.addObject().put("kind", kind).put("r2", fit.r2());
            slope(node.putObject("ewd"), fit.ewd());
            slope(node.putObject("elr"), fit.elr());
        });
        guide(rates.putArray("guide"), results);
        ArrayNode noise = facts.putArray("noise");
        for (NoiseModel.Settled settled : study.noise()) {
            ObjectNode node = noise.addObject()
                    .put("learningRate", settled.learningRate())
                    .put("weightDecay", settled.weightDecay())
                    .put("rms", settled.rms())
                    .put("predicted", settled.predicted())
                    .put("relaxationSteps", settled.relaxationSteps())
                    .put("predictedSteps", settled.predictedSteps());
            ArrayNode curve = node.putArray("curve");
            settled.curve()
                    .forEach(point -> curve.addObject().put("x", point.x()).put("y", point.y()));
        }
    }

    /** The fits and the toy model as Markdown tables. */
    static String text(RatesStudy study) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "Norms against the controls (in balance: -1 and 0); training took %.2f time constants at least.%n%n"
                        + "| kind | slope by EWD | slope by ELR | R2 |%n|---|---|---|---|%n",
                study.relaxations()));
        study.fits()
                .forEach((kind, fit) -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.3f +- %.3f | %.3f +- %.3f | %.3f |%n",
                        kind,
                        fit.ewd().value(),
                        fit.ewd().halfWidth(),
                        fit.elr().value(),
                        fit.elr().halfWidth(),
                        fit.r2())));
        text.append(
                String.format(
                        "%n| toy model: rate, decay | RMS | predicted | steps to settle | predicted |%n|---|---|---|---|---|%n"));
        for (NoiseModel.Settled settled : study.noise()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s, %s | %.5f | %.5f | %,.0f | %,.0f |%n",
                    settled.learningRate(),
                    settled.weightDecay(),
                    settled.rms(),
                    settled.predicted(),
                    settled.relaxationSteps(),
                    settled.predictedSteps()));
        }
        return text.toString();
    }

    /** The line of slope -1 through the first arm. */
    private static void guide(ArrayNode guide, List<ArmResult> results) {
        results.stream()
                .filter(result -> result.trained().isPresent())
                .findFirst()
                .ifPresent(first -> {
                    double rms = RatesStudy.matrixRms(first.trained().get());
                    double at = first.values().get(RatesStudy.EWD);
                    results.stream()
                            .map(result -> result.values().get(RatesStudy.EWD))
                            .distinct()
                            .sorted()
                            .forEach(ewd -> guide.addObject().put("ewd", ewd).put("rms", rms * at / ewd));
                });
    }

    private static void slope(ObjectNode node, NormFit.Slope slope) {
        node.put("mean", slope.value())
                .put("low", slope.value() - slope.halfWidth())
                .put("high", slope.value() + slope.halfWidth());
    }
}
