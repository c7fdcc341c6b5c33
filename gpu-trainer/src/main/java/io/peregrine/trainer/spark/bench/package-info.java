/**
 * Measurements that need Spark and the trainer: {@code bench mixture}, which builds shards with the stages' own jobs and
 * then reads them with the trainer's loader.
 *
 * <p>Nothing depends on this package but the command line. Begin with {@link
 * io.peregrine.trainer.spark.bench.MixtureBenchCommand}.
 */
package io.peregrine.trainer.spark.bench;
