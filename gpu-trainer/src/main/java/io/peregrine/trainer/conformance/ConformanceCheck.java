package io.peregrine.trainer.conformance;

import io.peregrine.data.DataException;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a model on a golden file's inputs and measures how far each quantity is off. */
public final class ConformanceCheck {
    private static final double LEARNING_RATE = 1e-2;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.95;
    private static final double EPSILON = 1e-8;
    private static final double WEIGHT_DECAY = 0.1;
    private static final int STEPS = 3;

    private final FalconH1Model model;
    private final Ops ops;
    private final GoldenCase golden;
    private final Tolerances tolerances;
    private final List<Quantity> quantities = new ArrayList<>();

    private ConformanceCheck(FalconH1Model model, GoldenCase golden) {
        this.model = model;
        this.ops = model.ops();
        this.golden = golden;
        this.tolerances = Tolerances.of(ops.dtype());
    }

    /**
     * Compares everything the golden file has.
     *
     * @param modelFolder holds {@code config.json} and {@code model.safetensors}
     * @param goldenFile as the package's notes describe it
     * @throws DataException if a file is missing or damaged, or does not belong to the model
     */
    public static List<Quantity> run(Path modelFolder, Path goldenFile, Ops ops) {
        FalconH1Model model = ModelFolder.loadToTrain(modelFolder, ops);
        try (GoldenCase golden = new GoldenCase(goldenFile)) {
            ConformanceCheck check = new ConformanceCheck(model, golden);
            check.forward();
            check.greedy();
            check.gradients();
            check.training();
            return List.copyOf(check.quantities);
        }
    }

    private void forward() {
        TokenBatch batch = golden.batch();
        FalconH1Config config = model.config();
        Shape logits = Shape.of(batch.batch(), batch.seqLen(), config.vocabSize());
        compare("logits", model.logits(batch), golden.tensor("logits", logits), tolerances.forward());
        compareLoss("loss", model.loss(batch).mean(), golden.tensor("loss", Shape.of(1)), 0, tolerances.forward());
        List<Tensor> states = model.hiddenStates(batch);
        for (int i = 0; i < states.size(); i++) {
            String name = "hidden_states." + i;
            Tensor state = states.get(i);
            compare(name, state, golden.tensor(name, state.shape()), tolerances.forward());
        }
    }

    private void greedy() {
        int[] expected = golden.greedyIds();
        if (tolerances.exactChoices()) {
            quantities.add(new Quantity("greedy_ids (cached)", differing(cached(expected.length), expected), 0));
            quantities.add(new Quantity("greedy_ids (re-forward)", differing(uncached(expected.length), expected), 0));
        } else {
            quantities.add(new Quantity("greedy_ids (cached), gap", cachedGap(expected), tolerances.forward()));
        }
    }

    /**
     * How far the expected choice's logit is below the largest, at most, as a share of the largest logit's size; each token
     * is given what the golden file chose before it.
     */
    private double cachedGap(int[] expected) {
        DecodeState state = model.newDecodeState(expected.length);
        double widest = 0;
        for (int i = 0; i + 1 < expected.length; i++) {
            float[] scores = model.decode(state, expected[i]);
            if (i + 1 >= GoldenCase.PROMPT_TOKENS) {
                double size = 0;
                for (float score : scores) {
                    size = Math.max(size, Math.abs(score));
                }
                widest = Math.max(widest, (scores[largest(scores)] - scores[expected[i + 1]]) / size);
            }
        }
        return widest;
    }

    private int[] cached(int length) {
        int[] ids = Arrays.copyOf(golden.prompt(), length);
        DecodeState state = model.newDecodeState(length);
        for (int i = 0; i + 1 < length; i++) {
            float[] scores = model.decode(state, ids[i]);
            if (i + 1 >= GoldenCase.PROMPT_TOKENS) {
                ids[i + 1] = largest(scores);
            }
        }
        return ids;
    }

    private int[] uncached(int length) {
        int[] ids = Arrays.copyOf(golden.prompt(), length);
        for (int i = GoldenCase.PROMPT_TOKENS; i < length; i++) {
            Tensor logits = model.logits(TokenBatch.ofWholeRows(1, i, Arrays.copyOf(ids, i)));
            ids[i] = largest(logits.rows(i - 1, i).toFloats());
        }
        return ids;
    }

    private void gradients() {
        model.parameters().zeroGradients();
        double loss = step();
        compareLoss("loss (training pass)", loss, golden.tensor("loss", Shape.of(1)), 0, tolerances.forward());
        refuseStrangers("grad.");
        for (Parameter parameter : model.parameters()) {
            String name = "grad." + parameter.name();
            compare(name, parameter.gradient(), golden.tensor(name, parameter.shape()), tolerances.gradients());
        }
    }

    private void training() {
        Map<String, Tensor> first = new HashMap<>();
        Map<String, Tensor> second = new HashMap<>();
        Tensor losses = golden.tensor("adamw.losses", Shape.of(STEPS));
        for (int step = 1; step <= STEPS; step++) {
            model.parameters().zeroGradients();
            double loss = step();
            compareLoss("adamw.losses[" + (step - 1) + "]", loss, losses, step - 1, tolerances.trained());
            for (Parameter parameter : model.parameters()) {
                boolean decayed = parameter.shape().rank() >= 2;
                ops.optim()
                        .adamw(
                                parameter.value(),
                                parameter.gradient(),
                                first.computeIfAbsent(parameter.name(), name -> ops.allocateExact(parameter.shape())),
                                second.computeIfAbsent(parameter.name(), name -> ops.allocateExact(parameter.shape())),
                                new OptimOps.AdamW(
                                        LEARNING_RATE, BETA_1, BETA_2, EPSILON, decayed ? WEIGHT_DECAY : 0, step, 1));
            }
        }
        refuseStrangers("adamw.step3.");
        for (Parameter parameter : model.parameters()) {
            String name = "adamw.step3." + parameter.name();
            compare(name, parameter.value(), golden.tensor(name, parameter.shape()), tolerances.trained());
        }
    }

    private double step() {
        return model.lossAndGradients(golden.batch(), 1.0 / golden.batch().predictions())
                .mean();
    }

    /** A golden tensor for a parameter that the model lacks would otherwise go unnoticed. */
    private void refuseStrangers(String prefix) {
        for (String name : golden.names(prefix)) {
            if (!model.parameters().contains(name.substring(prefix.length()))) {
                throw new DataException(
                        "the golden file has %s, the model of this config.json has no such parameter".formatted(name));
            }
        }
    }

    private void compareLoss(String name, double actual, Tensor expected, int index, double tolerance) {
        Tensor one = Tensor.zeros(DType.F64, Shape.of(1));
        one.set(0, 0, actual);
        compare(name, one, expected.columns(index, index + 1), tolerance);
    }

    private void compare(String name, Tensor actual, Tensor expected, double tolerance) {
        quantities.add(new Quantity(name, relativeError(actual.onHost(), expected), tolerance));
    }

    /** {@code ||a - b|| / ||b||}; where b is 0, {@code ||a||}. */
    static double relativeError(Tensor actual, Tensor expected) {
        double difference = 0;
        double norm = 0;
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                double b = expected.get(row, column);
                double d = actual.get(row, column) - b;
                difference += d * d;
                norm += b * b;
            }
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }

    private static int differing(int[] actual, int[] expected) {
        int count = 0;
        for (int i = 0; i < expected.length; i++) {
            count += actual[i] == expected[i] ? 0 : 1;
        }
        return count;
    }

    private static int largest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }
}
