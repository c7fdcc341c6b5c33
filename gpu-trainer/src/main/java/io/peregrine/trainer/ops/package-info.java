/**
 * What a model may ask for: one interface per family of operations, forward and backward side by side.
 *
 * <p>Here are only the questions. {@code ops.reference} answers them in plain Java and is the definition of right;
 * {@code ops.cpu} answers them fast on the CPU, {@code ops.cuda} on an NVIDIA device. Read {@link
 * io.peregrine.trainer.ops.Ops}, then the family at hand.
 *
 * <p>Common to all: a tensor is read as a matrix whose rows are tokens, {@code rows = batch * seqLen}, sequence by
 * sequence. The caller owns every tensor. "Overwritten" and "added to" are said for each result; gradients of parameters
 * are always added to. Results never alias inputs unless the operation says that it works in place. Nothing is null.
 */
package io.peregrine.trainer.ops;
