package io.peregrine.trainer.optim;

import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Euclidean norms of a model's tensors, all tensors of a kind as one vector.
 *
 * @param byKind of each kind that the model has, in the order of {@link ParameterKind}
 */
public record KindNorms(Map<ParameterKind, Double> byKind) {
    public KindNorms {
        byKind = Collections.unmodifiableMap(new EnumMap<>(byKind));
    }

    /** Of the parameters themselves. */
    public static KindNorms ofValues(Parameters parameters, OptimOps ops) {
        return of(parameters, Parameter::value, ops);
    }

    /** Of their gradients. */
    public static KindNorms ofGradients(Parameters parameters, OptimOps ops) {
        return of(parameters, Parameter::gradient, ops);
    }

    /** From sums of squares by kind. */
    static KindNorms ofSquares(Map<ParameterKind, Double> sums) {
        Map<ParameterKind, Double> norms = new EnumMap<>(ParameterKind.class);
        sums.forEach((kind, sum) -> norms.put(kind, Math.sqrt(sum)));
        return new KindNorms(norms);
    }

    private static KindNorms of(Parameters parameters, Function<Parameter, Tensor> tensor, OptimOps ops) {
        Map<ParameterKind, List<Tensor>> tensors = new EnumMap<>(ParameterKind.class);
        for (Parameter parameter : parameters) {
            tensors.computeIfAbsent(ParameterKind.of(parameter.name()), kind -> new ArrayList<>())
                    .add(tensor.apply(parameter));
        }
        Map<ParameterKind, Double> sums = new EnumMap<>(ParameterKind.class);
        tensors.forEach((kind, those) -> sums.put(kind, ops.sumOfSquares(those)));
        return ofSquares(sums);
    }
}
