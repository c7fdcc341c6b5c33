/**
 * Training as a part of a Spark job: with {@code bench} below it the only package of the trainer that knows Spark.
 *
 * <p>Before: {@code trainer.train}. After: the command line. Read {@link
 * io.peregrine.trainer.spark.ExecutorTraining}.
 */
package io.peregrine.trainer.spark;
