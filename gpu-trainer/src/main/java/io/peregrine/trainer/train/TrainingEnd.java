package io.peregrine.trainer.train;

/** How a stretch of training ended. */
sealed interface TrainingEnd {
    /** At its last step. */
    record Finished(TrainingSummary summary) implements TrainingEnd {}

    /** At a spike of the loss, to be gone back from. */
    record Spiked(Spike spike) implements TrainingEnd {}
}
