package io.peregrine.trainer.train;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.loader.ListedOrder;
import io.peregrine.trainer.loader.ReadingOrder;
import io.peregrine.trainer.loader.TrainingOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a training has its files, and whom it tells how far it has read.
 *
 * @param folder of checkpoints, metrics and summary
 * @param branch what is trained, if it began at a checkpoint of another training
 * @param reads what is trained on from the branch's, or the first, step on, in place of the plan's order
 * @param heldOut first row held out of each stream, if that has been decided already
 * @param lease what it has read is not to be changed in this run's plan; empty for a plan of its own
 */
record TrainingPlace(
        Path folder,
        Optional<Branch> branch,
        Optional<List<SequenceRef>> reads,
        Map<String, Long> heldOut,
        Optional<Lease> lease) {

    /**
     * The plan of a run that is being read.
     *
     * @param planFolder where it is
     * @param readByOthers how far the other trainings of the run have read it
     */
    record Lease(Path planFolder, long readByOthers) {}

    /** The run's own training, or a branch of it. */
    static TrainingPlace of(RunLayout layout, Optional<Branch> branch, MixturePlan plan) {
        Branches branches = new Branches(layout.train());
        String name = branch.map(Branch::name).orElse(Branch.MAIN);
        Lease lease = new Lease(layout.mixture(), branches.furthestRead(plan, name));
        return new TrainingPlace(branches.folder(name), branch, Optional.empty(), Map.of(), Optional.of(lease));
    }

    /** An arm of an experiment. */
    static TrainingPlace of(Arm arm, Optional<Branch> branch) {
        return new TrainingPlace(arm.folder(), branch, arm.reads(), arm.heldOut(), Optional.empty());
    }

    /** The order of what is trained on. */
    ReadingOrder order(TrainingOrder planned) {
        long first = branch.map(Branch::toPosition).orElse(0L);
        return reads.<ReadingOrder>map(list -> new ListedOrder(first, list)).orElse(planned);
    }

    /**
     * How many sequences there are to train on, those before the branch began included.
     *
     * @param planned in the whole plan
     * @param before trained on before the branch began
     */
    long sequences(long planned, long before) {
        return reads.map(list -> before + list.size())
                .orElse(planned - branch.map(Branch::skippedSequences).orElse(0L));
    }

    /** What this training and the others have read is not to be changed by a change of the mixture. */
    void writeLease(RunState state) {
        lease.ifPresent(it -> new PlanLease(state.planDigest(), Math.max(state.position(), it.readByOthers()))
                .write(it.planFolder()));
    }
}
