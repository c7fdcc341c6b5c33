package io.peregrine.trainer.conformance;

/**
 * One compared quantity.
 *
 * @param name as the golden file calls it
 * @param error {@code ||a - b|| / ||b||}, or the number of differing tokens
 * @param tolerance largest error that passes
 */
public record Quantity(String name, double error, double tolerance) {
    /** Whether the error is a number within the tolerance. */
    public boolean passes() {
        return error <= tolerance;
    }
}
