/**
 * Stages 60 and 70 on Spark: the only package of the mixture that knows an engine.
 *
 * <p>{@link io.peregrine.mixture.jobs.MixtureJob} reads the lengths of the documents, packs them, and writes the plan;
 * {@link io.peregrine.mixture.jobs.ShardJob} reads the plan, packs again in the same way, and moves the tokens. {@link
 * io.peregrine.mixture.jobs.PackedGroups} is the packing both share, {@link io.peregrine.mixture.jobs.ShardTableRows} and
 * {@link io.peregrine.mixture.jobs.PlanRows} are the tables' columns, {@link io.peregrine.mixture.jobs.MixtureCommand} is
 * the command line. {@link io.peregrine.mixture.jobs.MixtureGarbage} is what {@code mixture gc} finds.
 */
package io.peregrine.mixture.jobs;
