package io.peregrine.trainer.testing;

import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.LearningRateSchedule.Decay;
import io.peregrine.trainer.optim.LearningRateSchedule.Stable;
import io.peregrine.trainer.train.BatchRampConfig;
import io.peregrine.trainer.train.CheckpointConfig;
import io.peregrine.trainer.train.DecayConfig;
import io.peregrine.trainer.train.SpikeAction;
import io.peregrine.trainer.train.SpikeConfig;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainPlace;
import io.peregrine.trainer.train.ValidationConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of the small runs that tests train, and the losses they had. */
public final class TrainSettings {
    /**
     * Another machine may round sums in another order: a step's relative error of about 1e-7 grows over 24 steps of Adam,
     * which divides by small gradients, to less than a thousandth of this.
     */
    public static final double LOSS_TOLERANCE = 1e-3;

    private static final Path RESOURCES = Path.of("src/test/resources/train");

    /** Shape of the small model. */
    public static final Path MODEL = RESOURCES.resolve("config.json");

    private static final SpikeConfig REPORTED = new SpikeConfig(SpikeAction.REPORT, 128, 6, 3, 0, 3);

    private TrainSettings() {}

    /** A run of so many steps, validated every eight and saved every ten. */
    public static TrainConfig of(int steps, Backend backend) {
        return of(steps, backend, 10);
    }

    /** The same run, saved more or less often. */
    public static TrainConfig of(int steps, Backend backend, int checkpointEverySteps) {
        return of(steps, backend, checkpointEverySteps, BatchRampConfig.DEFAULTS);
    }

    /** The run of {@link #of(int, Backend)}, whose batch grows from 4 to 8 sequences over these tokens. */
    public static TrainConfig ramped(int steps, Backend backend, long rampTokens) {
        return of(steps, backend, 10, new BatchRampConfig(4, rampTokens));
    }

    /** The run of {@link #of(int, Backend)}, of which each doubling of the steps keeps a checkpoint. */
    public static TrainConfig keepingLogSpaced(int steps, Backend backend) {
        return of(steps, backend, new CheckpointConfig(10, 2, 1, true), BatchRampConfig.DEFAULTS);
    }

    private static TrainConfig of(int steps, Backend backend, int checkpointEverySteps, BatchRampConfig ramp) {
        return of(steps, backend, new CheckpointConfig(checkpointEverySteps, 2, 0, true), ramp);
    }

    private static TrainConfig of(int steps, Backend backend, CheckpointConfig checkpoints, BatchRampConfig ramp) {
        return of(steps, backend, checkpoints, ramp, 0.01, 0, REPORTED, SsmReset.EXACT);
    }

    /** The run of {@link #of(int, Backend)} saved every five, that goes back from spikes by itself. */
    public static TrainConfig goingBack(int steps, int maxRollbacks) {
        return spiking(steps, 0.01, new SpikeConfig(SpikeAction.ROLLBACK, 8, 5, 2, 600, maxRollbacks));
    }

    /** The run of {@link #of(int, Backend)} saved every five, with other settings for spikes. */
    public static TrainConfig spiking(int steps, double learningRate, SpikeConfig spikes) {
        CheckpointConfig checkpoints = new CheckpointConfig(5, 3, 0, true);
        return of(steps, Backend.CPU, checkpoints, BatchRampConfig.DEFAULTS, learningRate, 0, spikes, SsmReset.EXACT);
    }

    /** The run of {@link #of(int, Backend)} with the scan's state reset in this way. */
    public static TrainConfig resetting(int steps, Backend backend, SsmReset ssmReset) {
        CheckpointConfig checkpoints = new CheckpointConfig(10, 2, 0, true);
        return of(steps, backend, checkpoints, BatchRampConfig.DEFAULTS, 0.01, 0, REPORTED, ssmReset);
    }

    /** The run of {@link #of(int, Backend)} with norms measured now and then. */
    public static TrainConfig measuringNorms(int steps, Backend backend, int normsEvery) {
        SpikeConfig spikes = new SpikeConfig(SpikeAction.NONE, 128, 6, 3, 0, 3);
        CheckpointConfig checkpoints = new CheckpointConfig(10, 2, 0, true);
        return of(steps, backend, checkpoints, BatchRampConfig.DEFAULTS, 0.01, normsEvery, spikes, SsmReset.EXACT);
    }

    private static TrainConfig of(
            int steps,
            Backend backend,
            CheckpointConfig checkpoints,
            BatchRampConfig ramp,
            double learningRate,
            int normsEvery,
            SpikeConfig spikes,
            SsmReset ssmReset) {
        return new TrainConfig(
                MODEL.toString(),
                Optional.of(steps),
                Optional.empty(),
                8,
                ramp,
                4,
                learningRate,
                Optional.empty(),
                Optional.empty(),
                2L * 8 * TestRun.SEQUENCE_LENGTH,
                Stable.CONSTANT,
                0,
                new DecayConfig(Decay.EXPONENTIAL, 0.25, 0.1),
                AdamConfig.DEFAULTS,
                0.1,
                1.0,
                0,
                Map.of(),
                Map.of(),
                normsEvery,
                spikes,
                ssmReset,
                Recompute.NONE,
                new ValidationConfig(8, 20),
                checkpoints,
                backend,
                TrainPlace.DRIVER,
                Optional.of(2));
    }

    /** Loss of each step of the run of 24, as the reference backend computed it when it was last changed on purpose. */
    public static List<Double> pinnedLosses() {
        try {
            return Files.readAllLines(RESOURCES.resolve("losses.txt")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(Double::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
