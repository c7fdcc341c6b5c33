package io.peregrine.trainer.train;

/**
 * A rollback that a spike made, as a line in the metrics of the branch.
 *
 * @param step that it went back to
 * @param spikeStep step of the spike
 * @param loss of that step
 * @param median of the losses before it
 * @param fromPosition first position of the plan that the branch passes over
 * @param toPosition where it goes on
 */
record RollbackReport(long step, long spikeStep, double loss, double median, long fromPosition, long toPosition) {
    static RollbackReport of(Branch branch, Spike spike) {
        return new RollbackReport(
                branch.step(), spike.step(), spike.loss(), spike.median(), branch.fromPosition(), branch.toPosition());
    }
}
