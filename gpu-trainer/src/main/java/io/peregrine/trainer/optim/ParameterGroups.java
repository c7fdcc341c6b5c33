package io.peregrine.trainer.optim;

import io.peregrine.data.ConfigException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which multiple of the run's learning rate and weight decay each kind of parameter gets.
 *
 * <p>Under the muP variant of Falcon-H1 width sits in the forward multipliers, so the plain rule is 1 everywhere for the
 * rate, 1 for the decay of matrices and 0 for that of vectors. The tuned values of the paper's table 8 are not public;
 * a run may give its own.
 *
 * @param learningRate multiples by kind where they are not 1, above 0
 * @param weightDecay multiples by kind where they are not 1, at least 0; only for matrices
 */
public record ParameterGroups(Map<ParameterKind, Double> learningRate, Map<ParameterKind, Double> weightDecay) {

    /** Every kind alike: one rate, decay on matrices only. */
    public static final ParameterGroups PLAIN = new ParameterGroups(Map.of(), Map.of());

    public ParameterGroups {
        learningRate = Map.copyOf(learningRate);
        weightDecay = Map.copyOf(weightDecay);
        learningRate.forEach((kind, multiple) -> {
            if (!(multiple > 0) || multiple.isInfinite()) {
                throw new ConfigException("learning-rate-multipliers." + kind.key(), multiple, "must be > 0");
            }
        });
        weightDecay.forEach((kind, multiple) -> {
            if (!(multiple >= 0) || multiple.isInfinite()) {
                throw new ConfigException("weight-decay-multipliers." + kind.key(), multiple, "must be >= 0");
            }
            if (!kind.isMatrix()) {
                throw new ConfigException(
                        "weight-decay-multipliers." + kind.key(), multiple, "vectors are never decayed");
            }
        });
    }

    /**
     * Reads the two groups as a run file spells them, {@code {ssm-in: 0.5}}.
     *
     * @throws ConfigException naming the key when a kind is unknown
     */
    public static ParameterGroups parse(Map<String, Double> learningRate, Map<String, Double> weightDecay) {
        return new ParameterGroups(
                byKind("learning-rate-multipliers", learningRate), byKind("weight-decay-multipliers", weightDecay));
    }

    public double learningRateMultiple(ParameterKind kind) {
        return learningRate.getOrDefault(kind, 1.0);
    }

    public double weightDecayMultiple(ParameterKind kind) {
        return kind.isMatrix() ? weightDecay.getOrDefault(kind, 1.0) : 0.0;
    }

    private static Map<ParameterKind, Double> byKind(String key, Map<String, Double> named) {
        Map<String, ParameterKind> kinds = new TreeMap<>();
        for (ParameterKind kind : ParameterKind.values()) {
            kinds.put(kind.key(), kind);
        }
        Map<ParameterKind, Double> found = new EnumMap<>(ParameterKind.class);
        named.forEach((name, multiple) -> {
            ParameterKind kind = kinds.get(name);
            if (kind == null) {
                throw new ConfigException(
                        key + "." + name, multiple, "no such kind of parameter; one of " + kinds.keySet());
            }
            found.put(kind, multiple);
        });
        return found;
    }
}
