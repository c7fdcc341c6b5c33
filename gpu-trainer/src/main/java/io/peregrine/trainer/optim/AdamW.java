package io.peregrine.trainer.optim;

import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamW over a model's parameters: moments, step count, and each kind's share of rate and decay.
 *
 * <p>Thread: one. Ownership: holds the moments; values and gradients stay the model's.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Decoupled weight decay regularization</a>
 */
public final class AdamW {
    /** Prefix of the mean gradients in {@link #moments}. */
    public static final String FIRST_MOMENT = "exp_avg.";

    /** Prefix of the mean squared gradients in {@link #moments}. */
    public static final String SECOND_MOMENT = "exp_avg_sq.";

    private final OptimOps ops;
    private final AdamConfig config;
    private final List<Slot> slots = new ArrayList<>();
    private long step;

    private record Slot(
            Parameter parameter,
            Tensor first,
            Tensor second,
            double learningRateMultiple,
            double weightDecayMultiple) {}

    /**
     * Begins with moments of zero, at step 0.
     *
     * @throws IllegalStateException if the parameters are without gradients
     */
    public AdamW(Parameters parameters, ParameterGroups groups, AdamConfig config, Ops ops) {
        parameters.requireGradients();
        this.ops = ops.optim();
        this.config = config;
        for (Parameter parameter : parameters) {
            ParameterKind kind = ParameterKind.of(parameter.name());
            slots.add(new Slot(
                    parameter,
                    ops.allocateExact(parameter.shape()),
                    ops.allocateExact(parameter.shape()),
                    groups.learningRateMultiple(kind),
                    groups.weightDecayMultiple(kind)));
        }
    }

    /**
     * Moves every parameter along its gradient.
     *
     * @param learningRate of this step, before the multiples by kind
     * @param weightDecay of this step, before the multiples by kind; vectors are not decayed
     * @param gradientScale factor on every gradient, see {@link GradientClip#coefficient}
     */
    public void step(double learningRate, double weightDecay, double gradientScale) {
        step++;
        List<OptimOps.Update> updates = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            updates.add(update(slot, learningRate, weightDecay, gradientScale));
        }
        ops.adamw(updates);
    }

    /**
     * The same step, bit for bit, and how far it moved the parameters, decay included. Tensor by tensor, with two copies of
     * each in host memory: for a step now and then.
     *
     * @return norms of the differences, by kind
     */
    public KindNorms measuredStep(double learningRate, double weightDecay, double gradientScale) {
        step++;
        Map<ParameterKind, Double> sums = new EnumMap<>(ParameterKind.class);
        for (Slot slot : slots) {
            Tensor value = slot.parameter().value();
            float[] before = value.toFloats();
            ops.adamw(List.of(update(slot, learningRate, weightDecay, gradientScale)));
            float[] after = value.toFloats();
            double sum = 0;
            for (int i = 0; i < before.length; i++) {
                double moved = (double) after[i] - before[i];
                sum += moved * moved;
            }
            sums.merge(ParameterKind.of(slot.parameter().name()), sum, Double::sum);
        }
        return KindNorms.ofSquares(sums);
    }

    private OptimOps.Update update(Slot slot, double learningRate, double weightDecay, double gradientScale) {
        OptimOps.AdamW settings = new OptimOps.AdamW(
                learningRate * slot.learningRateMultiple(),
                config.beta1(),
                config.beta2(),
                config.epsilon(),
                weightDecay * slot.weightDecayMultiple(),
                step,
                gradientScale);
        return new OptimOps.Update(
                slot.parameter().value(), slot.parameter().gradient(), slot.first(), slot.second(), settings);
    }

    /** Steps taken. */
    public long step() {
        return step;
    }

    /** Goes on after so many steps; the moments are to be filled through {@link #moments}. */
    public void continueAfter(long stepsTaken) {
        step = stepsTaken;
    }

    /** Both moments of every parameter, by the names a checkpoint gives them; the tensors are the optimizer's own. */
    public Map<String, Tensor> moments() {
        Map<String, Tensor> moments = new LinkedHashMap<>();
        for (Slot slot : slots) {
            moments.put(FIRST_MOMENT + slot.parameter().name(), slot.first());
            moments.put(SECOND_MOMENT + slot.parameter().name(), slot.second());
        }
        return moments;
    }
}
