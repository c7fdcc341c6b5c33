package io.peregrine.trainer.train;

/** What a spike of the loss leads to. */
public enum SpikeAction {
    /** Nothing. */
    NONE,
    /** A line in the metrics. */
    REPORT,
    /** Back to the last checkpoint before it, past the sequences that were read since, in a branch. */
    ROLLBACK
}
