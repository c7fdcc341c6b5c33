package io.peregrine.trainer.model;

import io.peregrine.trainer.tensor.Tensor;

/**
 * Where a layer's activations lie between its pass forward and its pass back.
 *
 * <p>Most are kept for the layer. Those that are cheap to make again may lie where every layer's do, and are then made again
 * on the way back ({@link #remakesCheap}).
 */
final class Activations {
    private final Buffers kept;
    private final Buffers cheap;

    /**
     * Activations in these buffers.
     *
     * @param kept the layer's own, if there will be a pass back
     * @param cheap the same, or those of all layers
     */
    Activations(Buffers kept, Buffers cheap) {
        this.kept = kept;
        this.cheap = cheap;
    }

    /** An activation that the pass back needs, {@code (rows, columns)}, as it was left or holding anything. */
    Tensor get(String name, int rows, int columns) {
        return kept.get(name, rows, columns);
    }

    /** As {@link #get}, for numbers that must not be rounded. */
    Tensor exact(String name, int rows, int columns) {
        return kept.exact(name, rows, columns);
    }

    /** An activation that is cheap to make again from the others. */
    Tensor cheap(String name, int rows, int columns) {
        return cheap.get(name, rows, columns);
    }

    /** Whether {@link #cheap} ones hold anything on the way back, and have to be made again. */
    boolean remakesCheap() {
        return cheap != kept;
    }
}
