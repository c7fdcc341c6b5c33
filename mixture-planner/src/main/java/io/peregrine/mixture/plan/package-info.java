/**
 * From weights and sizes to sequences per block and stream.
 *
 * <p>Before: {@code mixture.pack}, which says how many sequences a stream has. After: {@code mixture.order}.
 *
 * <p>Reading order: {@link io.peregrine.mixture.plan.MixturePlanner} puts it together: {@code AskedWeights} is what a
 * person asks for, block by block; {@code MixtureCaps} keeps it below what the streams may give, by {@code CappedShares};
 * {@link io.peregrine.mixture.plan.Shares} quantizes and turns shares of tokens into shares of sequences; {@link
 * io.peregrine.mixture.plan.FluidTargets} adds them up over the blocks of a {@link
 * io.peregrine.mixture.plan.WeightSchedule}, {@link io.peregrine.mixture.plan.BlockPlanner} rounds them so that no stream is
 * ever a whole sequence off, and {@link io.peregrine.mixture.plan.GapCertificate} says how far apart a sequence's repeats
 * are. {@link io.peregrine.mixture.plan.PlanFile} is the plan on disk.
 *
 * <p>A mixture that changes while it is trained on: {@link io.peregrine.mixture.plan.MixtureReplay} makes the plan in force
 * from {@link io.peregrine.mixture.MixtureHistory}, change by change; {@code PlannedPart} is what a change leaves alone.
 *
 * <p>File format {@code plan.json}, version 2: one JSON object, UTF-8, with {@code format} ({@code
 * peregrine-mixture-plan}), {@code version}, {@code digest} (of the plan, checked on reading) and {@code plan}, which is
 * {@link io.peregrine.mixture.MixturePlan} with its components in kebab case. The shards that the plan orders are named by
 * {@code 70-shards/index.json}, see {@code mixture.shard}.
 *
 * <p>File format {@code history.json}, version 1: one JSON object with {@code format} ({@code peregrine-mixture-history}),
 * {@code version} and {@code history}, which is {@link io.peregrine.mixture.MixtureHistory} in kebab case. Writing it is the
 * commit of a change; {@code plan.json} follows from it. {@code lease.json} is {@link io.peregrine.mixture.plan.PlanLease}.
 *
 * <p>History: version 1 had constant weights; version 2 has the shares of every block, caps, groups and
 * changes.
 */
package io.peregrine.mixture.plan;
