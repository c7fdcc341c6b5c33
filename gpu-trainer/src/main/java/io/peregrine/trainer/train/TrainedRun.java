package io.peregrine.trainer.train;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.window.TrainedSteps;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.optim.EffectiveRates;
import io.peregrine.trainer.optim.LearningRateSchedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run's own training, looked back at: what was read at which step, and with which rates, from plan and settings alone. What
 * they say is held against the checkpoints, so a look back with other settings than the training had is refused.
 */
public final class TrainedRun {
    private final MixturePlan plan;
    private final TrainConfig config;
    private final FalconH1Config model;
    private final HeldOut heldOut;
    private final List<Checkpoint> checkpoints;
    private final BatchSchedule batches;
    private final LearningRateSchedule schedule;

    private TrainedRun(
            MixturePlan plan,
            TrainConfig config,
            FalconH1Config model,
            HeldOut heldOut,
            List<Checkpoint> checkpoints,
            LearningRateSchedule schedule) {
        this.plan = plan;
        this.config = config;
        this.model = model;
        this.heldOut = heldOut;
        this.checkpoints = checkpoints;
        this.batches = config.batches(plan.sequenceLength());
        this.schedule = schedule;
    }

    /**
     * Opens a run that has checkpoints.
     *
     * @param layout the run
     * @param config its section {@code train}
     * @param seed the run's seed
     * @throws DataException if there is no checkpoint, or one that is of another plan, other settings or another seed
     */
    public static TrainedRun open(RunLayout layout, TrainConfig config, SeedStream seed) {
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        FalconH1Config model = FalconH1Config.read(Path.of(config.model()));
        List<Checkpoint> checkpoints = new Checkpoints(layout.train().resolve(Checkpoints.FOLDER)).all();
        if (checkpoints.isEmpty()) {
            throw new DataException("%s: there is no finished checkpoint; run 'train' first".formatted(layout.train()));
        }
        String digest =
                config.trajectoryDigest(new PayloadDigest().add(model.json()).hex());
        long key = seed.child(Stage.TRAIN.folder()).key();
        checkpoints.forEach(checkpoint -> requireOf(checkpoint, plan, digest, key));
        HeldOut heldOut = HeldOut.keeping(plan, config.validation().sequences(), HeldOutFile.read(layout.train()));
        long planned = new TrainingOrder(new SequenceOrder(plan), heldOut).size();
        int steps = config.stepsOf(plan.sequenceLength(), planned);
        return new TrainedRun(plan, config, model, heldOut, checkpoints, config.schedule(plan.sequenceLength(), steps));
    }

    private static void requireOf(Checkpoint checkpoint, MixturePlan plan, String digest, long key) {
        RunState state = checkpoint.state();
        Path file = checkpoint.folder().resolve(RunState.FILE_NAME);
        if (!plan.continues(state.planDigest(), state.position())) {
            throw new DataException(
                    "%s: planDigest = %s: the checkpoint was trained on another plan than the one in force (%s); 'mixture revert' brings an earlier one back, or delete the checkpoint"
                            .formatted(file, state.planDigest(), plan.digest()));
        }
        if (!state.configDigest().equals(digest) || state.seed() != key) {
            throw new DataException(
                    "%s: configDigest = %s, seed = %d: the checkpoint was trained with other settings than the run file has (%s, %d); give those it was trained with, --set included"
                            .formatted(file, state.configDigest(), state.seed(), digest, key));
        }
    }

    public MixturePlan plan() {
        return plan;
    }

    public TrainConfig config() {
        return config;
    }

    /** The model's shape. */
    public FalconH1Config model() {
        return model;
    }

    /** What was kept out of training. */
    public HeldOut heldOut() {
        return heldOut;
    }

    /** The finished checkpoints, oldest first; at least one. */
    public List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    /**
     * What each step up to the last checkpoint has read. Looks at every position.
     *
     * @throws DataException if a checkpoint stands elsewhere than plan and settings say
     */
    public TrainedSteps steps() {
        TrainingOrder order = new TrainingOrder(new SequenceOrder(plan), heldOut);
        TrainedSteps.Builder builder = new TrainedSteps.Builder();
        long last = checkpoints.get(checkpoints.size() - 1).state().step();
        long position = 0;
        for (long step = 1; step <= last; step++) {
            int sequences = batches.sequences(step);
            position = order.from(position, sequences).next();
            builder.add(position, sequences);
        }
        TrainedSteps steps = builder.build();
        for (Checkpoint checkpoint : checkpoints) {
            RunState state = checkpoint.state();
            if (steps.end(Math.toIntExact(state.step())) != state.position()) {
                throw new DataException("%s: position = %d: plan and settings put step %d at %d; restore held-out.json"
                        .formatted(
                                checkpoint.folder().resolve(RunState.FILE_NAME),
                                state.position(),
                                state.step(),
                                steps.end(Math.toIntExact(state.step()))));
            }
        }
        return steps;
    }

    /** Learning rate and weight decay of a step; empty where one is 0. */
    public Optional<EffectiveRates> rates(long step) {
        long clock = batches.sequencesUpTo(step) * plan.sequenceLength();
        double learningRate =
                config.peakLearningRate() * schedule.learningRateFactor(clock) * batches.learningRateFactor(step);
        double weightDecay = config.fullWeightDecay() * schedule.weightDecayFactor(clock);
        return learningRate > 0 && weightDecay > 0
                ? Optional.of(EffectiveRates.of(learningRate, weightDecay))
                : Optional.empty();
    }
}
