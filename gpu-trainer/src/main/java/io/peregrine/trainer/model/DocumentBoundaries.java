package io.peregrine.trainer.model;

/**
 * Which parts of the model stop at the start of a document when several are packed into one sequence.
 *
 * <p>The paper erases the state by adding -80 to the logarithm of the decay at a document's first token; exp(-80) = 1.8e-35
 * vanishes against 1 in every kind of number here, so the operations set the decay to exactly 0.
 */
public enum DocumentBoundaries {
    /** None: a sequence is one stream of tokens. */
    NONE,
    /** The state of the scan. */
    SCAN,
    /** The state of the scan and the taps of the convolution. */
    SCAN_AND_CONV,
    /** All, attention too: packed documents compute what each would alone. The rule for training. */
    ALL;

    boolean resetsConv() {
        return this == SCAN_AND_CONV || this == ALL;
    }

    boolean resetsScan() {
        return this != NONE;
    }

    boolean masksAttention() {
        return this == ALL;
    }
}
