package io.peregrine.trainer.train;

import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.OptimizerFile;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.eval.ValidationLoss;
import io.peregrine.trainer.eval.ValidationReport;
import io.peregrine.trainer.loader.TokenBatches;
import io.peregrine.trainer.optim.AdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A run from where it stands to its last step: trains, measures, saves.
 *
 * <p>A step is first in the metrics and then in a checkpoint, so that a resume finds every line up to its checkpoint. A
 * checkpoint is taken after the validation of its step, and is on disk some steps later at the latest when the next one
 * is taken, or the run ends.
 *
 * <p>Thread: one. Ownership: everything handed in stays the caller's.
 */
final class TrainingRun {
    private static final double GIBIBYTE = 1L << 30;

    private final Trainer trainer;
    private final AdamW optimizer;
    private final TokenBatches batches;
    private final ValidationLoss validation;
    private final Checkpoints checkpoints;
    private final CheckpointWriter writer;
    private final MetricsLog metrics;
    private final TrainConfig config;
    private final List<Path> companions;
    private final Consumer<RunState> whenSaved;
    private final SpikeDetector detector;
    private RunState state;

    /** @param snapshot for checkpoints to be written while training goes on */
    TrainingRun(
            Trainer trainer,
            AdamW optimizer,
            TokenBatches batches,
            ValidationLoss validation,
            Checkpoints checkpoints,
            Optional<Snapshot> snapshot,
            MetricsLog metrics,
            TrainConfig config,
            List<Path> companions,
            Consumer<RunState> whenSaved,
            SpikeDetector detector,
            RunState state) {
        this.trainer = trainer;
        this.optimizer = optimizer;
        this.batches = batches;
        this.validation = validation;
        this.checkpoints = checkpoints;
        this.writer = new CheckpointWriter(checkpoints, snapshot);
        this.metrics = metrics;
        this.config = config;
        this.companions = List.copyOf(companions);
        this.whenSaved = whenSaved;
        this.detector = detector;
        this.state = state;
    }

    /** Where the run stands. */
    RunState state() {
        return state;
    }

    /**
     * Trains to a step, with a validation and a checkpoint there.
     *
     * @return the spike that it stopped at, if it did
     */
    Optional<Spike> toStep(int lastStep, Progress progress) {
        int sequenceLength = trainer.sequenceLength();
        BatchSchedule schedule = config.batches(sequenceLength);
        long behind = schedule.sequencesUpTo(Math.min(state.step(), lastStep));
        long total = (schedule.sequencesUpTo(lastStep) - behind) * sequenceLength;
        try (writer;
                Progress.Task task = progress.task("train", "tokens", total)) {
            StepClock clock = new StepClock(System::nanoTime);
            while (state.step() < lastStep) {
                TokenBatches.Positioned positioned = clock.waitFor(batches::next);
                Trainer.Outcome outcome = trainer.step(positioned.batch(), clock);
                Optional<Spike> spike = spike(outcome, positioned.next());
                outcome.report().ifPresent(it -> metrics.add("step", it));
                spike.ifPresent(it -> metrics.add("spike", it));
                if (spike.isPresent() && config.spikes().rollsBack()) {
                    writer.finish().ifPresent(it -> metrics.add("checkpoint", it));
                    metrics.force();
                    return spike;
                }
                StepReport report = outcome.report().orElseThrow(() -> trainer.diverged(outcome));
                writer.ended().ifPresent(checkpoint -> metrics.add("checkpoint", checkpoint));
                state = advanced(report, positioned.next());
                boolean isLast = report.step() == lastStep;
                if (isLast || isDue(config.validation().everySteps())) {
                    clock.apart(this::validate);
                }
                if (isLast || isDue(config.checkpoints().everySteps())) {
                    clock.apart(this::save);
                }
                task.say(said(report));
                task.advance((long) report.sequences() * sequenceLength);
            }
            writer.finish().ifPresent(report -> metrics.add("checkpoint", report));
            metrics.force();
        }
        return Optional.empty();
    }

    private Optional<Spike> spike(Trainer.Outcome outcome, long position) {
        if (config.spikes().action() == SpikeAction.NONE) {
            return Optional.empty();
        }
        return outcome.report()
                .map(report -> detector.step(report.step(), report.tokens(), position, report.loss()))
                .orElseGet(() -> Optional.of(detector.notFinite(state.step() + 1, position, outcome.loss())));
    }

    /** So short that a terminal of 80 columns has room for the time left behind it. */
    private static String said(StepReport report) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "step %d loss %.3f grad %.2f %s tok/s",
                report.step(),
                report.loss(),
                report.gradientNorm(),
                thousands(report.tokensPerSecond())));
        if (report.mfu() != null) {
            line.append(String.format(Locale.ROOT, " MFU %.2f", report.mfu()));
        }
        if (report.memoryMostBytes() != null) {
            line.append(String.format(Locale.ROOT, " %.1f GiB", report.memoryMostBytes() / GIBIBYTE));
        }
        return line.toString();
    }

    private static String thousands(double number) {
        return number < 1e4
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.0fk", number / 1e3);
    }

    private boolean isDue(int everySteps) {
        return everySteps > 0 && state.step() % everySteps == 0;
    }

    private void validate() {
        if (validation.isEmpty()) {
            return;
        }
        ValidationReport report = validation.measure(trainer.model(), state.step(), state.tokens());
        metrics.add("validation", report);
        if (report.loss() < state.bestValidationNats()) {
            state = state.withBestValidationNats(report.loss());
        }
    }

    private void save() {
        metrics.force();
        RunState saved = state;
        writer.write(saved, trained(), this::writeFiles, () -> {
                    whenSaved.accept(saved);
                    checkpoints.keep(config.checkpoints().retention());
                })
                .ifPresent(report -> metrics.add("checkpoint", report));
    }

    private TrainedTensors trained() {
        return TrainedTensors.of(trainer.model().parameters(), optimizer);
    }

    private void writeFiles(TrainedTensors tensors, Path folder) throws IOException {
        ModelFolder.write(folder, trainer.model().config(), tensors.weights());
        OptimizerFile.write(folder, tensors.moments());
        for (Path companion : companions) {
            Files.copy(companion, folder.resolve(companion.getFileName()));
        }
    }

    private RunState advanced(StepReport report, long position) {
        return new RunState(
                report.step(),
                position,
                report.tokens(),
                state.seed(),
                state.planDigest(),
                state.configDigest(),
                state.bestValidationNats(),
                CodeVersion.CURRENT);
    }
}
