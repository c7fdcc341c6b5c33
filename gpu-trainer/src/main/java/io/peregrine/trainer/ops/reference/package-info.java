/**
 * The operations in plain Java: the definition of right.
 *
 * <p>Every sum runs in double and in the order in which the formula is read; nothing is blocked, fused or parallel. With
 * tensors of F64 nothing is rounded; with F32 each result is rounded once, when it is stored. The formulas are in the
 * interfaces of {@code trainer.ops}. Slow by design: for tests, for conformance, and to read.
 */
package io.peregrine.trainer.ops.reference;
