package io.peregrine.trainer.model;

import io.peregrine.trainer.tensor.Tensor;
import java.util.function.Supplier;

/** Who looks at a pass forward, {@link FalconH1Model#observe}. */
@FunctionalInterface
public interface LayerObserver {
    /** What a layer calls its step sizes, {@code (rows, heads)}, behind {@code layers.N.}. */
    String STEP_SIZES = "dt";

    /**
     * Told of each activation in the order in which it is made.
     *
     * @param name such as {@code layers.0.dt}
     * @param activation asked for at once or not at all: what it gives lasts until this returns
     */
    void see(String name, Supplier<Tensor> activation);
}
