package io.peregrine.trainer.train;

import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What training changes, and a checkpoint keeps.
 *
 * @param weights parameters by name
 * @param moments the optimizer's, by name
 */
public record TrainedTensors(Map<String, Tensor> weights, Map<String, Tensor> moments) {
    /** Those of a model, and of the optimizer that trains it. */
    public static TrainedTensors of(Parameters parameters, AdamW optimizer) {
        return new TrainedTensors(ModelFolder.weights(parameters), optimizer.moments());
    }

    /** Another tensor in place of each. */
    TrainedTensors map(UnaryOperator<Tensor> other) {
        return new TrainedTensors(map(weights, other), map(moments, other));
    }

    private static Map<String, Tensor> map(Map<String, Tensor> tensors, UnaryOperator<Tensor> other) {
        Map<String, Tensor> others = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> others.put(name, other.apply(tensor)));
        return others;
    }

    /** Overwrites tensors in host memory of the same names and shapes. */
    void copyTo(TrainedTensors host) {
        weights.forEach((name, tensor) -> tensor.copyTo(host.weights.get(name)));
        moments.forEach((name, tensor) -> tensor.copyTo(host.moments.get(name)));
    }

    /** Bytes that all of them take. */
    public long bytes() {
        return Stream.concat(weights.values().stream(), moments.values().stream())
                .mapToLong(Tensor::bytes)
                .sum();
    }
}
