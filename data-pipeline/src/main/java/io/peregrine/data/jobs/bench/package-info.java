/**
 * Measurements of whole stages on Spark: {@code bench dedup}, how many true pairs are found, and {@code bench scale}, what
 * a document costs as documents become more.
 *
 * <p>Each makes a run of its own in a temporary folder, with the stages' own jobs, and deletes it. What needs no Spark is
 * measured in {@link io.peregrine.data.bench}. Nothing depends on this package but the command line. Begin with {@link
 * io.peregrine.data.jobs.bench.ScaleBenchCommand}.
 */
package io.peregrine.data.jobs.bench;
