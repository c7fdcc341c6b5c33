package io.peregrine.trainer.conformance;

import io.peregrine.trainer.tensor.DType;

/**
 * The largest relative errors, {@code ||a - b|| / ||b||}, that pass.
 *
 * <p>The public implementation casts norms, softmax and scan to float32 inside, so the golden vectors are no better than
 * about 1e-6 themselves; AdamW divides by the roots of small gradients and magnifies their errors.
 *
 * @param forward of loss, logits and hidden states
 * @param gradients of gradients
 * @param trained of parameters, and of the losses on the way, after AdamW steps
 */
public record Tolerances(double forward, double gradients, double trained) {
    /** For arithmetic in double. */
    public static final Tolerances DOUBLE = new Tolerances(5e-6, 2e-5, 1e-4);

    /** For arithmetic or storage in float. */
    public static final Tolerances FLOAT = new Tolerances(1e-4, 1e-4, 1e-3);

    static Tolerances of(DType dtype) {
        return dtype == DType.F64 ? DOUBLE : FLOAT;
    }
}
