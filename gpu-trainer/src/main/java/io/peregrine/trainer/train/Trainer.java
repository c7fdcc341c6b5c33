package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.GradientClip;
import io.peregrine.trainer.optim.KindNorms;
import io.peregrine.trainer.optim.LearningRateSchedule;
import java.util.Optional;

/**
 * One optimizer step after another: batch in, report out.
 *
 * <p>The loss of a step is the mean over all its predictions, however the batch is cut into micro-batches. With equal
 * weights, moments and batches two trainers do the same steps, bit for bit, on the same backend.
 *
 * <p>Thread: one. Ownership: model and optimizer stay the caller's, who also saves them.
 */
public final class Trainer {
    private static final String DIVERGED = "training has diverged";

    private final FalconH1Model model;
    private final AdamW optimizer;
    private final TrainConfig config;
    private final LearningRateSchedule schedule;
    private final int sequenceLength;
    private final BatchSchedule batches;
    private long tokens;

    /**
     * @param model what is trained
     * @param optimizer over the model's parameters; its step count is the trainer's
     * @param config the run's settings
     * @param schedule learning rate and weight decay over the run
     * @param sequenceLength columns of the batches to come
     * @param tokens tokens trained on before
     */
    public Trainer(
            FalconH1Model model,
            AdamW optimizer,
            TrainConfig config,
            LearningRateSchedule schedule,
            int sequenceLength,
            long tokens) {
        this.model = model;
        this.optimizer = optimizer;
        this.config = config;
        this.schedule = schedule;
        this.sequenceLength = sequenceLength;
        this.batches = config.batches(sequenceLength);
        this.tokens = tokens;
    }

    /**
     * What became of a batch.
     *
     * @param report of the step; empty if loss or gradient are not finite, and so there was none
     * @param loss mean over the batch's predictions
     * @param gradientNorm before clipping
     */
    public record Outcome(Optional<StepReport> report, double loss, double gradientNorm) {}

    /**
     * Trains on one batch, if loss and gradient are finite; else the weights stay those before the step.
     *
     * @param batch as many sequences as the step has
     * @param clock whose lap ends with the step
     */
    Outcome step(TokenBatch batch, StepClock clock) {
        LossSum loss = lossAndGradients(batch);
        double parameterNorm =
                GradientClip.parameterNorm(model.parameters(), model.ops().optim());
        double gradientNorm =
                GradientClip.globalNorm(model.parameters(), model.ops().optim());
        if (!Double.isFinite(loss.nats()) || !Double.isFinite(gradientNorm)) {
            return new Outcome(Optional.empty(), loss.mean(), gradientNorm);
        }

        long step = optimizer.step() + 1;
        long scheduled = batches.sequencesUpTo(step) * sequenceLength;
        double learningRate =
                config.peakLearningRate() * schedule.learningRateFactor(scheduled) * batches.learningRateFactor(step);
        double weightDecay = config.fullWeightDecay() * schedule.weightDecayFactor(scheduled);
        double clip = GradientClip.coefficient(gradientNorm, config.clipNorm());
        Norms norms = null;
        if (config.normsEvery() > 0 && step % config.normsEvery() == 0) {
            norms = measuredStep(batch, learningRate, weightDecay, clip);
        } else {
            optimizer.step(learningRate, weightDecay, clip);
        }
        tokens += batch.tokens();

        StepClock.Lap lap = clock.lap();
        double flops = ModelFlops.ofTraining(model.config(), batch) / lap.seconds();
        Ops.Hardware hardware = model.ops().hardware();
        StepReport report = new StepReport(
                optimizer.step(),
                tokens,
                batch.batch(),
                loss.mean(),
                learningRate,
                weightDecay,
                gradientNorm,
                parameterNorm,
                batch.tokens() / lap.seconds(),
                lap.loaderWaitSeconds(),
                flops / 1e9,
                hardware.peakFlops().isPresent()
                        ? Double.valueOf(flops / hardware.peakFlops().getAsDouble())
                        : null,
                hardware.bytesInUse().isPresent()
                        ? Long.valueOf(hardware.bytesInUse().getAsLong())
                        : null,
                hardware.mostBytes().isPresent()
                        ? Long.valueOf(hardware.mostBytes().getAsLong())
                        : null,
                norms);
        return new Outcome(Optional.of(report), loss.mean(), gradientNorm);
    }

    /** What a person is told whose training has come to numbers that are not finite. */
    ConfigException diverged(Outcome outcome) {
        return new ConfigException("step %d: loss %s, gradient norm %s: %s; lower train.learning-rate or lengthen"
                        .formatted(optimizer.step() + 1, outcome.loss(), outcome.gradientNorm(), DIVERGED)
                + " train.warmup-tokens; the last checkpoint is whole");
    }

    /** The optimizer's step, and how large what it works on is. */
    private Norms measuredStep(TokenBatch batch, double learningRate, double weightDecay, double clip) {
        OptimOps ops = model.ops().optim();
        StepSizes stepSizes = StepSizes.of(model, batch.rows(0, Math.min(batch.batch(), config.microBatchSequences())));
        KindNorms parameters = KindNorms.ofValues(model.parameters(), ops);
        KindNorms gradients = KindNorms.ofGradients(model.parameters(), ops);
        KindNorms updates = optimizer.measuredStep(learningRate, weightDecay, clip);
        return Norms.of(parameters, gradients, updates, stepSizes);
    }

    /** What is trained. */
    public FalconH1Model model() {
        return model;
    }

    /** Columns of the batches. */
    public int sequenceLength() {
        return sequenceLength;
    }

    /** Whether a training ended because loss or gradient were no longer finite: for an experiment that is a result. */
    public static boolean isDivergence(ConfigException fault) {
        return fault.getMessage().contains(DIVERGED);
    }

    private LossSum lossAndGradients(TokenBatch batch) {
        model.parameters().zeroGradients();
        double gradientScale = 1.0 / batch.predictions();
        LossSum sum = LossSum.ZERO;
        for (int row = 0; row < batch.batch(); row += config.microBatchSequences()) {
            int end = Math.min(batch.batch(), row + config.microBatchSequences());
            sum = sum.plus(model.lossAndGradients(batch.rows(row, end), gradientScale, config.zLoss()));
        }
        return sum;
    }
}
