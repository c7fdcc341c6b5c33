package io.peregrine.trainer.train;

/** Who computes. */
public enum Backend {
    /** The fast CPU path: OpenBLAS for the matrix products, all loops over threads. */
    CPU,
    /** Plain Java, one thread, the definition of correct: slow. */
    REFERENCE
}
