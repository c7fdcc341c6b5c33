/**
 * Whether an answer may stand for its document: pure checks, each with a reason, a measured value and a limit.
 *
 * <p>Before: a {@link io.peregrine.rewrite.Rewriter}. Read {@link io.peregrine.rewrite.accept.RejectReason}, then
 * {@link io.peregrine.rewrite.accept.AcceptChecks}, then {@link io.peregrine.rewrite.accept.Facts}, which says what must
 * survive a rewrite. No Spark, no files, no clock.
 */
package io.peregrine.rewrite.accept;
