/**
 * Training as a part of a Spark job: with {@code bench} below it the only package of the trainer that knows Spark.
 *
 * <p>Before: {@code trainer.train}. After: the command line. Read {@link
 * io.peregrine.trainer.spark.ExecutorTraining} (the driver), {@code TrainingTask} (the executor), {@code BusyDevice} (why
 * it may wait for its device), {@code TaskProgress} and {@code DriverProgress} (how the driver's user sees the steps).
 */
package io.peregrine.trainer.spark;
