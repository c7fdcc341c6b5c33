package io.peregrine.rewrite.accept;

/**
 * Why an answer does not stand.
 *
 * @param reason the first check that failed
 * @param measured what the check measured
 * @param limit what it allows
 */
public record Rejection(RejectReason reason, double measured, double limit) {}
