/**
 * Training: from a plan, shards and a model's shape to checkpoints and a line of metrics per step.
 *
 * <p>Before: {@code trainer.loader} (batches), {@code trainer.model} (loss and gradients), {@code trainer.optim}. After:
 * {@code trainer.generate}, {@code trainer.experiments}, the report.
 *
 * <p>Read {@link io.peregrine.trainer.train.TrainConfig} (the section {@code train} of a run file), then
 * {@link io.peregrine.trainer.train.Trainer} (one step), {@code TrainingRun} (from the first step to the last:
 * resuming, validating, saving), {@code CheckpointWriter} and {@code Snapshot} (saving while training goes on),
 * {@link io.peregrine.trainer.train.TrainStage} (the stage of a run: done already, or to be done), {@code Rollback} and
 * {@code Branches} (going back to an earlier checkpoint), {@code SpikeDetector} and {@code SpikeRollbacks} (doing so by
 * itself). Nothing here knows Spark.
 */
package io.peregrine.trainer.train;
