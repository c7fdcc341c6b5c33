package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.model.FalconH1Config;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a person asks for: back to where a training stood, and from there on again as a branch.
 *
 * @param parent the branch to go back in, or {@link Branch#MAIN}
 * @param tokens back to the last checkpoint that had trained on no more than this
 * @param skipTo position of the plan to go on at; empty to read again what was read
 * @param name of the branch; empty for the next free one
 */
record Rollback(String parent, long tokens, Optional<Long> skipTo, Optional<String> name) {
    private static final String BRANCH_PREFIX = "branch-";

    /**
     * What the run is now.
     *
     * @param plan in force
     * @param model in force
     * @param seed key of the training's seed stream
     * @param configDigest of the settings that decide its numbers
     * @param heldOutSequences how many it was told to hold out
     */
    record Now(MixturePlan plan, FalconH1Config model, long seed, String configDigest, int heldOutSequences) {}

    /**
     * Makes the branch.
     *
     * @throws DataException if the parent, or a checkpoint to go back to, is not there or not of this run
     * @throws ConfigException if the position to go on at is not after the checkpoint's
     */
    Branch make(Branches branches, Now now, Instant at) {
        return make(branches, now, at, Optional.empty());
    }

    /**
     * As {@link #make(Branches, Now, Instant)}.
     *
     * @param spike what it goes back from, if no person asked for it
     */
    Branch make(Branches branches, Now now, Instant at, Optional<Spike> spike) {
        long skippedBefore =
                parent.equals(Branch.MAIN) ? 0 : branches.require(parent).skippedSequences();
        String called = name.orElseGet(() -> branches.freeName(BRANCH_PREFIX));
        Checkpoint origin = origin(branches);
        requireSameRun(origin, now);
        RunState state = origin.state();
        long position = position(state, now.plan());
        HeldOut heldOut =
                HeldOut.keeping(now.plan(), now.heldOutSequences(), HeldOutFile.read(branches.folder(parent)));
        TrainingOrder order = new TrainingOrder(new SequenceOrder(now.plan()), heldOut);
        Branch branch = new Branch(
                called,
                parent,
                state.step(),
                state.tokens(),
                state.position(),
                position,
                skippedBefore + order.between(state.position(), position),
                now.plan().digest(),
                now.configDigest(),
                at.toString(),
                CodeVersion.CURRENT);
        branches.requireFree(called);
        origin.verify();
        branches.make(branch, origin, spike);
        return branch;
    }

    private Checkpoint origin(Branches branches) {
        List<Checkpoint> all = branches.checkpoints(parent).all();
        return all.stream()
                .filter(checkpoint -> checkpoint.state().tokens() <= tokens)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new DataException("%s: --to %d: no checkpoint of so few tokens; %s"
                        .formatted(
                                branches.folder(parent),
                                tokens,
                                all.isEmpty()
                                        ? "there is none at all: train first"
                                        : "the first has %d (step %d); train.checkpoints.keep-log-spaced keeps more"
                                                .formatted(
                                                        all.get(0).state().tokens(),
                                                        all.get(0).state().step()))));
    }

    /**
     * Checks that a checkpoint is one to go on from.
     *
     * @throws DataException if its plan, its seed or its model is another
     */
    static void requireSameRun(Checkpoint origin, Now now) {
        RunState state = origin.state();
        Path file = origin.folder().resolve(RunState.FILE_NAME);
        if (!now.plan().continues(state.planDigest(), state.position())) {
            throw new DataException(
                    "%s: planDigest = %s: the plan in force (%s) does not go on from this one at position %d; 'mixture revert' brings an earlier one back"
                            .formatted(file, state.planDigest(), now.plan().digest(), state.position()));
        }
        if (state.seed() != now.seed()) {
            throw new DataException("%s: seed = %d: the run file's gives %d; a branch has the seed of its parent"
                    .formatted(file, state.seed(), now.seed()));
        }
        Path model = origin.folder().resolve(ModelFolder.CONFIG);
        if (!FalconH1Config.read(model).equals(now.model())) {
            throw new DataException(
                    "%s: differs from train.model; a branch has the model of its parent".formatted(model));
        }
    }

    private long position(RunState state, MixturePlan plan) {
        long position = skipTo.orElse(state.position());
        if (skipTo.isPresent() && (position <= state.position() || position >= plan.totalSequences())) {
            throw new ConfigException(
                    "--skip-to",
                    position,
                    "must be a position after %d, where step %d stands, and before %d, where the plan ends"
                            .formatted(state.position(), state.step(), plan.totalSequences()));
        }
        return position;
    }
}
