package io.peregrine.trainer.model;

/**
 * Which activations a training step makes again on its way back instead of keeping them: memory for time. Results are the
 * same bit for bit, because the same operations are done again on the same numbers.
 */
public enum Recompute {
    /** Everything is kept. */
    NONE,
    /** Outputs of norms and gates, which cost a pass over memory and no product, are made again. */
    SELECTIVE,
    /** Only the input of each layer is kept; the layer is run again before its gradient, a third more arithmetic. */
    BLOCK
}
