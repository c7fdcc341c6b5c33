package io.peregrine.trainer.train;

/**
 * What one checkpoint cost.
 *
 * @param step of the checkpoint
 * @param pauseSeconds for which training stood still: waiting for the one before, and copying
 * @param writeSeconds that writing took
 */
record CheckpointReport(long step, double pauseSeconds, double writeSeconds) {}
