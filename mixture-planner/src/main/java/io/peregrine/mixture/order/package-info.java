/**
 * From a position of the training run to a stream and a row of its shards.
 *
 * <p>Before: {@code mixture.plan}, which counts sequences per block. After: {@code trainer.loader}, which opens the rows.
 * Read {@link io.peregrine.mixture.order.SequenceOrder} first; {@link io.peregrine.mixture.order.BlockOrder} is the order
 * inside a block, {@link io.peregrine.mixture.order.WindowPermutation} the order inside an epoch.
 *
 * <p>A position is the index of a sequence in the whole run. Rank {@code r} of {@code R} takes the positions {@code
 * [g G + r G / R, g G + (r + 1) G / R)} of step {@code g} with global batch {@code G}: the number of ranks never enters
 * the order, and one position is all the state that a resumed run needs. All random numbers are pure functions of the
 * plan's seed and of what they belong to.
 */
package io.peregrine.mixture.order;
