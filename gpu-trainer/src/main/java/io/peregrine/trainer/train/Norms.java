package io.peregrine.trainer.train;

import io.peregrine.trainer.optim.KindNorms;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How large a step's tensors were, by kind of parameter: Euclidean norms, all tensors of a kind as one vector.
 *
 * @param parameters before the step
 * @param gradients before clipping
 * @param updates how far the step moved the parameters, decay included
 * @param stepSizeMean mean of the scan's step sizes dt over layers, heads and the tokens of the first micro-batch, by the
 *     parameters before the step
 * @param stepSizeLargest the largest of them: where width drives it up, training becomes unstable (Falcon-H1, section on dt)
 */
public record Norms(
        Map<String, Double> parameters,
        Map<String, Double> gradients,
        Map<String, Double> updates,
        double stepSizeMean,
        double stepSizeLargest) {

    static Norms of(KindNorms parameters, KindNorms gradients, KindNorms updates, StepSizes stepSizes) {
        return new Norms(byKey(parameters), byKey(gradients), byKey(updates), stepSizes.mean(), stepSizes.largest());
    }

    private static Map<String, Double> byKey(KindNorms norms) {
        Map<String, Double> byKey = new LinkedHashMap<>();
        norms.byKind().forEach((kind, norm) -> byKey.put(kind.key(), norm));
        return byKey;
    }
}
