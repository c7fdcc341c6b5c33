package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.Key;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.EffectiveRates;
import io.peregrine.trainer.optim.LearningRateSchedule;
import io.peregrine.trainer.optim.ParameterGroups;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The section {@code train} of a run file.
 *
 * @param model the model's {@code config.json} with Hugging Face keys, relative to the working directory
 * @param steps optimizer steps; exclusive with {@code tokens}; as many as the plan has sequences for if both are absent
 * @param tokens length of the run in tokens, rounded up to whole steps; exclusive with {@code steps}
 * @param batchSequences sequences per step
 * @param batchRamp how the batch grows to that
 * @param microBatchSequences sequences computed at once; the batch is cut into pieces of this size
 * @param learningRate peak learning rate
 * @param elr effective learning rate, with {@code ewd} in place of {@code learningRate} and {@code weightDecay}
 * @param ewd effective weight decay; given exactly if {@code elr} is
 * @param warmupTokens tokens over which it rises from zero
 * @param stable what it does between warmup and decay
 * @param powerStartTokens where the power law begins, if {@code stable} is power
 * @param decay how it ends
 * @param adam AdamW's constants
 * @param weightDecay decoupled weight decay of matrices
 * @param clipNorm largest global norm of the gradient
 * @param zLoss weight of the squared logarithm of the softmax's denominator in what is minimised
 * @param learningRateMultipliers multiples of the learning rate by kind of parameter
 * @param weightDecayMultipliers multiples of the weight decay by kind of matrix
 * @param normsEvery how often norms by kind of parameter are measured
 * @param spikes what counts as a spike of the loss, and what it leads to
 * @param ssmReset how the scan's state is kept from one document to the next
 * @param recompute which activations are made again instead of kept
 * @param validation what is held out and how often it is looked at
 * @param checkpoints how often the run is saved
 * @param backend who computes
 * @param place which process computes
 * @param threads threads of the CPU backend; all processors if absent
 */
public record TrainConfig(
        @Key(doc = "the model's config.json (Hugging Face keys)")
        String model,

        @Key(unit = "steps", doc = "optimizer steps; without this and tokens, all of the plan")
        Optional<Integer> steps,

        @Key(unit = "tokens", doc = "length of the run, rounded up to whole steps; give this or steps")
        Optional<Long> tokens,

        @Key(unit = "sequences", doc = "sequences per optimizer step")
        int batchSequences,

        BatchRampConfig batchRamp,

        @Key(unit = "sequences", doc = "sequences computed at once; must divide batch-sequences; bounds memory")
        int microBatchSequences,

        @Key(doc = "peak learning rate; under muP the same for every width")
        double learningRate,

        @Key(
                doc =
                        "effective learning rate, sqrt(learning-rate * weight-decay): the noise level; with ewd it replaces"
                                + " learning-rate and weight-decay")
        Optional<Double> elr,

        @Key(
                doc =
                        "effective weight decay, sqrt(weight-decay / learning-rate): the inverse of the norms parameters settle"
                                + " at; give it with elr, or neither")
        Optional<Double> ewd,

        @Key(unit = "tokens", doc = "linear warmup from zero (0.1 GT in Falcon-H1's runs; arXiv:2601.04890, app. A)")
        long warmupTokens,

        @Key(
                doc =
                        "constant; power: rate and weight decay fall as t^(-1/4) (Effective Power Scheduler); or sqrt: the"
                                + " rate alone falls as t^(-1/2) (Power Scheduler)")
        LearningRateSchedule.Stable stable,

        @Key(unit = "tokens", doc = "where the power law begins; unused when constant")
        long powerStartTokens,

        DecayConfig decay,
        AdamConfig adam,

        @Key(doc = "decoupled weight decay of matrices, multiplied by the learning rate")
        double weightDecay,

        @Key(doc = "largest global norm of the gradient; larger ones are scaled down")
        double clipNorm,

        @Key(
                doc =
                        "weight of log(Z)^2, Z the softmax's denominator, beside the loss: keeps logits from drifting, such as"
                                + " 1e-4; the loss that is reported is without it")
        double zLoss,

        @Key(doc = "multiples of learning-rate by kind of parameter, such as {ssm-in: 0.5}")
        Map<String, Double> learningRateMultipliers,

        @Key(doc = "multiples of weight-decay by kind of matrix")
        Map<String, Double> weightDecayMultipliers,

        @Key(
                unit = "steps",
                doc =
                        "measure this often, by kind of parameter, the norms of parameters, gradients and updates, and the scan's"
                                + " step sizes; such a step takes about a third longer; 0: never")
        int normsEvery,

        SpikeConfig spikes,

        @Key(
                doc =
                        "how the scan forgets at a document's start: exact (nothing is left), or bias80 (as in the paper: -80 is"
                                + " added to the logarithm of the decay there, exp(-80) = 1.8e-35)")
        SsmReset ssmReset,

        @Key(
                doc =
                        "activations made again on the way back instead of kept, which changes no result: none, selective"
                                + " (outputs of norms and gates), or block (all but each layer's input, a third more arithmetic)")
        Recompute recompute,

        ValidationConfig validation,
        CheckpointConfig checkpoints,

        @Key(doc = "cpu, cuda (an NVIDIA device), or reference (plain Java, slow, the definition of correct)")
        Backend backend,

        @Key(
                doc = "driver, or executor: as one task of the Spark job, on the GPU that Spark assigned to it"
                        + " (spark.task.resource.gpu)")
        TrainPlace place,

        @Key(unit = "threads", doc = "threads of the cpu backend; all processors if left out")
        Optional<Integer> threads) {
    static final TrainConfig DEFAULTS = new TrainConfig(
            "",
            Optional.empty(),
            Optional.empty(),
            32,
            BatchRampConfig.DEFAULTS,
            8,
            1e-3,
            Optional.empty(),
            Optional.empty(),
            0,
            LearningRateSchedule.Stable.CONSTANT,
            0,
            DecayConfig.DEFAULTS,
            AdamConfig.DEFAULTS,
            0.1,
            1.0,
            0,
            Map.of(),
            Map.of(),
            0,
            SpikeConfig.DEFAULTS,
            SsmReset.EXACT,
            Recompute.NONE,
            ValidationConfig.DEFAULTS,
            CheckpointConfig.DEFAULTS,
            Backend.CPU,
            TrainPlace.DRIVER,
            Optional.empty());

    public TrainConfig {
        if (steps.isPresent() && tokens.isPresent()) {
            throw new ConfigException("tokens", tokens.get(), "give steps or tokens, not both");
        }
        if (steps.isPresent() && steps.get() <= 0) {
            throw new ConfigException("steps", steps.get(), "must be > 0 steps");
        }
        if (tokens.isPresent() && tokens.get() <= 0) {
            throw new ConfigException("tokens", tokens.get(), "must be > 0 tokens");
        }
        if (batchSequences <= 0) {
            throw new ConfigException("batch-sequences", batchSequences, "must be > 0 sequences");
        }
        if (microBatchSequences <= 0 || batchSequences % microBatchSequences != 0) {
            throw new ConfigException(
                    "micro-batch-sequences",
                    microBatchSequences,
                    "must be > 0 and divide batch-sequences (" + batchSequences + ")");
        }
        if (batchRamp.tokens() > 0
                && (batchRamp.fromSequences() > batchSequences
                        || batchRamp.fromSequences() % microBatchSequences != 0)) {
            throw new ConfigException(
                    "batch-ramp.from-sequences",
                    batchRamp.fromSequences(),
                    "must be a multiple of micro-batch-sequences (%d) and at most batch-sequences (%d)"
                            .formatted(microBatchSequences, batchSequences));
        }
        positive("learning-rate", learningRate);
        if (elr.isPresent() != ewd.isPresent()) {
            throw new ConfigException(
                    elr.isPresent() ? "elr" : "ewd",
                    elr.isPresent() ? elr.get() : ewd.get(),
                    "give elr and ewd together, or learning-rate and weight-decay");
        }
        elr.ifPresent(it -> new EffectiveRates(it, ewd.get()));
        positive("clip-norm", clipNorm);
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new ConfigException("weight-decay", weightDecay, "must be >= 0");
        }
        if (!(zLoss >= 0) || Double.isInfinite(zLoss)) {
            throw new ConfigException("z-loss", zLoss, "must be >= 0");
        }
        if (warmupTokens < 0) {
            throw new ConfigException("warmup-tokens", warmupTokens, "must be >= 0 tokens");
        }
        if (normsEvery < 0) {
            throw new ConfigException("norms-every", normsEvery, "must be >= 0 steps");
        }
        int keptNeeded = 1 + (spikes.patience() + checkpoints.everySteps() - 1) / checkpoints.everySteps();
        if (spikes.rollsBack() && checkpoints.keep() < keptNeeded) {
            throw new ConfigException(
                    "checkpoints.keep",
                    checkpoints.keep(),
                    "must be >= %d with spikes.action rollback: the last one before a spike is among so many when it is found"
                            .formatted(keptNeeded));
        }
        if (threads.isPresent() && threads.get() <= 0) {
            throw new ConfigException("threads", threads.get(), "must be > 0 threads");
        }
        learningRateMultipliers = Collections.unmodifiableMap(new TreeMap<>(learningRateMultipliers));
        weightDecayMultipliers = Collections.unmodifiableMap(new TreeMap<>(weightDecayMultipliers));
        ParameterGroups.parse(learningRateMultipliers, weightDecayMultipliers);
    }

    /** How many sequences each step trains on. */
    BatchSchedule batches(int sequenceLength) {
        return new BatchSchedule(batchSequences, batchRamp, microBatchSequences, sequenceLength);
    }

    /**
     * Optimizer steps of the run.
     *
     * @param sequenceLength tokens of a full sequence
     * @param sequences how many the plan has to train on
     */
    public int stepsOf(int sequenceLength, long sequences) {
        BatchSchedule batches = batches(sequenceLength);
        long asked = tokens.map(budget -> batches.stepsToReach((budget - 1) / sequenceLength + 1))
                .orElseGet(() -> batches.stepsWithin(sequences));
        return steps.orElseGet(() -> Math.toIntExact(asked));
    }

    /** The learning rate over a run of so many steps. */
    public LearningRateSchedule schedule(int sequenceLength, int runSteps) {
        long total = batches(sequenceLength).sequencesUpTo(runSteps) * sequenceLength;
        return new LearningRateSchedule(
                warmupTokens,
                total,
                stable,
                powerStartTokens,
                decay.shape(),
                Math.round(total * decay.share()),
                decay.floorRatio());
    }

    /** The peak learning rate, however it was written. */
    public double peakLearningRate() {
        return elr.map(it -> new EffectiveRates(it, ewd.get()).learningRate()).orElse(learningRate);
    }

    /** The weight decay of matrices before any schedule, however it was written. */
    public double fullWeightDecay() {
        return elr.map(it -> new EffectiveRates(it, ewd.get()).weightDecay()).orElse(weightDecay);
    }

    /** Multiples by kind of parameter. */
    public ParameterGroups groups() {
        return ParameterGroups.parse(learningRateMultipliers, weightDecayMultipliers);
    }

    /**
     * Identity of the settings that decide the run's numbers. How often it is saved and measured, where it runs and on how
     * many threads, and what it makes again, do not; a run may go on with other values of these. Where a run rolls back by
     * itself, how often it is saved decides where to.
     *
     * @param modelDigest identity of the model's settings, in place of their path
     */
    public String trajectoryDigest(String modelDigest) {
        TrainConfig decisive = new TrainConfig(
                modelDigest,
                steps,
                tokens,
                batchSequences,
                batchRamp,
                microBatchSequences,
                learningRate,
                elr,
                ewd,
                warmupTokens,
                stable,
                powerStartTokens,
                decay,
                adam,
                weightDecay,
                clipNorm,
                zLoss,
                learningRateMultipliers,
                weightDecayMultipliers,
                DEFAULTS.normsEvery,
                spikes.decisive(),
                ssmReset,
                Recompute.NONE,
                new ValidationConfig(0, validation.sequences()),
                spikes.rollsBack() ? checkpoints.decisive() : CheckpointConfig.DEFAULTS,
                backend,
                TrainPlace.DRIVER,
                Optional.empty());
        // runs from before this key were exact, and go on
        return ssmReset == SsmReset.EXACT ? ConfigDigest.without("ssm-reset", decisive) : ConfigDigest.of(decisive);
    }

    /** Threads to compute with. */
    public int threadsToUse() {
        return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ConfigException(key, value, "must be > 0");
        }
    }
}
