/**
 * How a gradient becomes a step: AdamW with decoupled weight decay, clipping by the global norm, and the learning rate
 * as a function of the tokens seen.
 *
 * <p>Before: {@code trainer.model} leaves gradients in its parameters. After: {@code trainer.train} calls this once a
 * step. The arithmetic over tensors is in {@code trainer.ops} so that a GPU can take it over; what is here decides
 * which rate and which decay each parameter gets, in which order sums are taken, and what is kept between steps.
 *
 * <p>Read {@link io.peregrine.trainer.optim.LearningRateSchedule}, then
 * {@link io.peregrine.trainer.optim.ParameterKind} and {@link io.peregrine.trainer.optim.ParameterGroups} (muP's
 * multipliers per kind), then {@link io.peregrine.trainer.optim.GradientClip} and
 * {@link io.peregrine.trainer.optim.AdamW}. Knows no native memory and no Spark.
 */
package io.peregrine.trainer.optim;
