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
 * @param exactChoices whether the greedily chosen tokens are the same; with rounded activations the largest of two logits that
 *     are nearer than their rounding may be the other, and what is held is how much nearer than {@code forward} they are
 */
public record Tolerances(double forward, double gradients, double trained, boolean exactChoices) {
    /** For arithmetic in double. */
    public static final Tolerances DOUBLE = new Tolerances(5e-6, 2e-5, 1e-4, true);

    /** For arithmetic or storage in float. */
    public static final Tolerances FLOAT = new Tolerances(1e-4, 1e-4, 1e-3, true);

    /**
     * For activations rounded to bf16, {@code u = 2^-9}. A logit has passed some ten roundings per layer, which add up like
     * a random walk: {@code u sqrt(10 layers)}, 0.01 for three layers, and three times that is allowed. The gradient of a
     * vector such as D or a bias is a sum over all tokens in which most cancels, and its relative error is larger by
     * what cancelled, up to tenfold in these small models; AdamW's division by the root of such gradients keeps it.
     */
    public static final Tolerances ROUNDED = new Tolerances(3e-2, 2e-1, 2e-1, false);

    static Tolerances of(DType dtype) {
        return switch (dtype) {
            case F64 -> DOUBLE;
            case BF16 -> ROUNDED;
            default -> FLOAT;
        };
    }
}
