package io.peregrine.trainer.experiments.coordinates;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.GradientClip;
import io.peregrine.trainer.optim.ParameterGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How large a new model's activations are, and how far some steps on one batch change them: root mean squares over tokens
 * and channels, and over the layers.
 *
 * @param sizes by activation, after the steps
 * @param updates by activation, of the difference to before the first step
 * @param loss of the last step, nats per token
 */
record Coordinates(Map<String, Double> sizes, Map<String, Double> updates, double loss) {

    /**
     * Trains a new model.
     *
     * @param initial values to begin with
     * @param tokens of every step
     * @param steps optimizer steps, at least 1
     * @param learningRate of each, the same for every width
     * @param seed of the initial values
     */
    static Coordinates after(
            FalconH1Config config,
            InitialValues initial,
            TokenBatch tokens,
            int steps,
            double learningRate,
            SeedStream seed,
            Ops ops) {
        Parameters parameters = Parameters.zeros(config, ops);
        initial.fill(parameters, seed);
        FalconH1Model model = new FalconH1Model(config, parameters, ops);
        AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
        Map<String, float[]> before = activations(model, tokens);
        double loss = 0;
        for (int step = 1; step <= steps; step++) {
            parameters.zeroGradients();
            LossSum sum = model.lossAndGradients(tokens, 1.0 / tokens.predictions());
            loss = sum.mean();
            double norm = GradientClip.globalNorm(parameters, ops.optim());
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw new ConfigException(
                        "--learning-rate",
                        learningRate,
                        "loss %s, gradient norm %s at step %d of width %d: lower it"
                                .formatted(loss, norm, step, config.hiddenSize()));
            }
            // Adam's steps do not depend on the gradient's length, so it is not clipped.
            optimizer.step(learningRate, 0, 1);
        }
        Map<String, float[]> now = activations(model, tokens);
        Map<String, List<Double>> sizes = new LinkedHashMap<>();
        Map<String, List<Double>> updates = new LinkedHashMap<>();
        now.forEach((name, values) -> {
            String kind = name.substring(name.lastIndexOf('.') + 1);
            sizes.computeIfAbsent(kind, it -> new ArrayList<>()).add(meanSquare(values, new float[values.length]));
            updates.computeIfAbsent(kind, it -> new ArrayList<>()).add(meanSquare(values, before.get(name)));
        });
        return new Coordinates(roots(sizes), roots(updates), loss);
    }

    private static Map<String, float[]> activations(FalconH1Model model, TokenBatch tokens) {
        Map<String, float[]> activations = new LinkedHashMap<>();
        model.observe(
                tokens,
                (name, activation) -> activations.put(name, activation.get().toFloats()));
        return activations;
    }

    private static double meanSquare(float[] values, float[] from) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = (double) values[i] - from[i];
            sum += difference * difference;
        }
        return sum / values.length;
    }

    private static Map<String, Double> roots(Map<String, List<Double>> meanSquares) {
        Map<String, Double> roots = new LinkedHashMap<>();
        meanSquares.forEach((kind, layers) -> roots.put(
                kind,
                Math.sqrt(layers.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow())));
        return roots;
    }
}
