/**
 * Stages 60 and 70 on Spark: the only package of the mixture that knows an engine.
 *
 * <p>{@link io.peregrine.mixture.jobs.MixtureJob} reads the lengths of the documents, packs them, and writes the plan;
 * {@link io.peregrine.mixture.jobs.ShardJob} reads the plan and has a {@link io.peregrine.mixture.jobs.StreamBuild} for each
 * stream, which packs again in the same way, and moves the tokens of the shards that are not as they were. {@link
 * io.peregrine.mixture.jobs.PackedGroups} is the packing both share, {@link io.peregrine.mixture.jobs.ShardTableRows} and
 * {@link io.peregrine.mixture.jobs.PlanRows} are the tables' columns, {@link io.peregrine.mixture.jobs.MixtureCommand} is
 * the command line. {@link io.peregrine.mixture.jobs.MixtureGarbage} is what {@code mixture gc} finds.
 */
package io.peregrine.mixture.jobs;
