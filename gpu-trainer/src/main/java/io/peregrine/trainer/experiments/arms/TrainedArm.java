package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.trainer.train.TrainingSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What training an arm came to.
 *
 * @param parameters numbers the model has learned
 * @param flopsPerToken operations to train on one token
 * @param steps optimizer steps
 * @param tokens tokens trained on, padding left out
 * @param trainingLoss mean of the last tenth of the steps, nats per token
 * @param tokensPerSecond median over the steps: of the machine, and not the same twice
 * @param curve training loss along the run
 * @param heldOut loss of every held-out sequence at the end
 * @param norms sizes of the parameters at the end
 */
public record TrainedArm(
        long parameters,
        double flopsPerToken,
        long steps,
        long tokens,
        double trainingLoss,
        double tokensPerSecond,
        List<CurvePoint> curve,
        List<SequenceLoss> heldOut,
        List<KindNorm> norms) {
    private static final int CURVE_POINTS = 120;
    private static final int LAST_PART = 10;

    /**
     * A point of the training curve.
     *
     * @param tokens trained on by then
     * @param loss mean over the steps since the point before
     */
    public record CurvePoint(long tokens, double loss) {}

    public TrainedArm {
        curve = List.copyOf(curve);
        heldOut = List.copyOf(heldOut);
        norms = List.copyOf(norms);
    }

    /**
     * Gathers what there is to say.
     *
     * @param steps lines of the steps in {@code metrics.jsonl}, one at least
     */
    static TrainedArm of(
            TrainingSummary summary, List<JsonNode> steps, List<SequenceLoss> heldOut, List<KindNorm> norms) {
        int last = Math.max(1, steps.size() / LAST_PART);
        return new TrainedArm(
                summary.parameters(),
                summary.flopsPerToken(),
                summary.steps(),
                summary.tokens(),
                meanLoss(steps.subList(steps.size() - last, steps.size())),
                medianSpeed(steps),
                curve(steps),
                heldOut,
                norms);
    }

    /** What is not a number in it, in words: a model that cannot be measured has no place in a comparison. */
    Optional<String> notFinite() {
        return heldOut.stream()
                .filter(loss -> !Double.isFinite(loss.nats()))
                .findFirst()
                .map(loss -> "held-out sequence %d of %s has the loss %s: the trained model is broken"
                        .formatted(loss.row(), loss.stream(), loss.nats()));
    }

    private static List<CurvePoint> curve(List<JsonNode> steps) {
        int together = (steps.size() + CURVE_POINTS - 1) / CURVE_POINTS;
        List<CurvePoint> points = new ArrayList<>();
        for (int from = 0; from < steps.size(); from += together) {
            List<JsonNode> part = steps.subList(from, Math.min(steps.size(), from + together));
            long tokens = part.get(part.size() - 1).path("tokens").asLong();
            points.add(new CurvePoint(tokens, meanLoss(part)));
        }
        return points;
    }

    private static double meanLoss(List<JsonNode> steps) {
        return steps.stream()
                .mapToDouble(step -> step.path("loss").asDouble())
                .average()
                .orElseThrow();
    }

    private static double medianSpeed(List<JsonNode> steps) {
        List<Double> speeds = new ArrayList<>(steps.stream()
                .map(step -> step.path("tokens_per_second").asDouble())
                .toList());
        Collections.sort(speeds);
        return speeds.get(speeds.size() / 2);
    }
}
