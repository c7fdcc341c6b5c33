/**
 * Whether an answer may stand for its document: pure checks, each with a reason, a measured value and a limit.
 *
 * <p>Before: a {@link io.peregrine.rewrite.Rewriter}, or a model. Read {@link io.peregrine.rewrite.accept.Check} and {@link
 * io.peregrine.rewrite.accept.RejectReason}, then {@link io.peregrine.rewrite.accept.AcceptChecks}, then {@link
 * io.peregrine.rewrite.accept.FactKind}, which says what must survive a rewrite. {@link
 * io.peregrine.rewrite.accept.Variants} and {@link io.peregrine.rewrite.accept.OpeningCounts} look at many answers at once.
 *
 * <p>No Spark, no files, no clock, and no regular expressions: every check reads hostile text in time linear in it, but for
 * sorting.
 */
package io.peregrine.rewrite.accept;
