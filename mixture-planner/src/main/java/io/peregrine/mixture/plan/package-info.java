/**
 * From weights and sizes to sequences per block and stream.
 *
 * <p>Before: {@code mixture.pack}, which says how many sequences a stream has. After: {@code mixture.order}.
 *
 * <p>Reading order: {@link io.peregrine.mixture.plan.MixturePlanner} puts it together: {@link
 * io.peregrine.mixture.plan.Shares} quantizes weights, {@link io.peregrine.mixture.plan.WeightSchedule} says which weights
 * hold in which block, {@link io.peregrine.mixture.plan.FluidTargets} adds them up, {@link
 * io.peregrine.mixture.plan.BlockPlanner} rounds them so that no stream is ever a whole sequence off, and {@link
 * io.peregrine.mixture.plan.GapCertificate} says how far apart a sequence's repeats are. {@link
 * io.peregrine.mixture.plan.PlanFile} is the plan on disk.
 *
 * <p>File format {@code plan.json}, version 1: one JSON object, UTF-8, with {@code format} ({@code
 * peregrine-mixture-plan}), {@code version}, {@code digest} (of the plan, checked on reading) and {@code plan}, which is
 * {@link io.peregrine.mixture.MixturePlan} with its components in kebab case. The shards that the plan orders are named by
 * {@code 70-shards/index.json}, see {@code mixture.shard}.
 */
package io.peregrine.mixture.plan;
