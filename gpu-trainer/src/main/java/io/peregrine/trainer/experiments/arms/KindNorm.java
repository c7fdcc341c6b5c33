package io.peregrine.trainer.experiments.arms;

import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.optim.ParameterKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How large the parameters of one kind are.
 *
 * @param kind as a run file spells it
 * @param matrix whether weight decay acts on it
 * @param numbers how many numbers there are
 * @param rms root of their mean square
 */
public record KindNorm(String kind, boolean matrix, long numbers, double rms) {

    /** The norms of a model's parameters, in the order of the kinds. */
    static List<KindNorm> of(Parameters parameters, OptimOps ops) {
        Map<ParameterKind, Double> squares = new EnumMap<>(ParameterKind.class);
        Map<ParameterKind, Long> numbers = new EnumMap<>(ParameterKind.class);
        for (Parameter parameter : parameters) {
            ParameterKind kind = ParameterKind.of(parameter.name());
            squares.merge(kind, ops.sumOfSquares(parameter.value()), Double::sum);
            numbers.merge(kind, parameter.shape().elements(), Long::sum);
        }
        List<KindNorm> norms = new ArrayList<>();
        squares.forEach((kind, sum) -> norms.add(
                new KindNorm(kind.key(), kind.isMatrix(), numbers.get(kind), Math.sqrt(sum / numbers.get(kind)))));
        return norms;
    }
}
