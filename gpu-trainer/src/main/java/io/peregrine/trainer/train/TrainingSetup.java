package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.OptimizerFile;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.eval.TextBytes;
import io.peregrine.trainer.eval.UnigramEntropy;
import io.peregrine.trainer.eval.ValidationLoss;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.loader.TokenBatches;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.LearningRateSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a training run together: what is checked before any work, where the run begins, and who gets what.
 *
 * <p>Thread: one.
 */
final class TrainingSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingSetup.class);
    private static final int READ_AHEAD_BATCHES = 4;
    private static final long CACHE_BYTES = 256L << 20;
    /** Tokens counted for the unigram entropy: the estimate is then 0.002 nats too low for a vocabulary of 65,536. */
    private static final long UNIGRAM_TOKENS_MAX = 1L << 24;

    private final TrainingPlace place;
    private final Path folder;
    private final Optional<Branch> branch;
    private final TrainConfig config;
    private final FalconH1Config model;
    private final MixturePlan plan;
    private final ShardStreams streams;
    private final HeldOut heldOut;
    private final SeedStream seed;
    private final String trajectoryDigest;
    private final Tokenizer tokenizer;
    private final Optional<Checkpoint> last;
    private final int steps;
    private final LearningRateSchedule schedule;
    private final BatchSchedule batches;

    /**
     * What a run takes from its tokenizer.
     *
     * @param files go into every checkpoint
     * @param vocabSize ids it gives out are below this
     * @param textBytes how long each token's text is
     */
    record Tokenizer(List<Path> files, int vocabSize, TextBytes textBytes) {
        Tokenizer {
            files = List.copyOf(files);
        }
    }

    /**
     * Checks that model, plan and settings fit each other, and opens the shards.
     *
     * @param layout of the run whose shards are read
     * @param place where the training has its files
     * @param seed the stage's stream
     * @param trajectoryDigest identity of all that decides the run's numbers besides plan and seed
     */
    TrainingSetup(
            RunLayout layout,
            TrainingPlace place,
            TrainConfig config,
            FalconH1Config model,
            MixturePlan plan,
            SeedStream seed,
            String trajectoryDigest,
            Tokenizer tokenizer) {
        this.place = place;
        this.folder = place.folder();
        this.branch = place.branch();
        this.config = config;
        this.model = model;
        this.plan = plan;
        this.seed = seed;
        this.trajectoryDigest = trajectoryDigest;
        this.tokenizer = tokenizer;
        if (tokenizer.vocabSize() > model.vocabSize()) {
            throw new ConfigException("%s: vocab_size = %d: the run's tokenizer has %d tokens, which must fit"
                    .formatted(config.model(), model.vocabSize(), tokenizer.vocabSize()));
        }
        if (plan.sequenceLength() > model.maxPositionEmbeddings()) {
            throw new ConfigException("%s: max_position_embeddings = %d: the plan's sequences have %d tokens"
                    .formatted(config.model(), model.maxPositionEmbeddings(), plan.sequenceLength()));
        }
        this.batches = config.batches(plan.sequenceLength());
        this.last = lastOfThisRun();
        if (branch.isPresent() && last.isEmpty()) {
            throw cannotGoOn(branch.get());
        }
        this.heldOut = HeldOut.keeping(
                plan, config.validation().sequences(), last.isPresent() ? HeldOutFile.read(folder) : place.heldOut());
        this.steps = requireEnough();
        this.schedule = config.schedule(plan.sequenceLength(), steps);
        this.streams = ShardStreams.open(layout, plan, model.vocabSize(), CACHE_BYTES);
    }

    Checkpoints checkpoints() {
        return new Checkpoints(folder.resolve(Checkpoints.FOLDER));
    }

    /**
     * Trains from where the run stands to its end or a spike to go back from. Whatever may be refused is asked for first: a
     * device that is not there, or a model that does not fit on it, leaves an earlier run's files as they are.
     *
     * @param begins told when nothing is refused any more, before the first file is touched
     * @param device to train on, where the backend has devices
     */
    TrainingEnd train(Runnable begins, Progress progress, int device) {
        UnigramEntropy unigram = countTokens();
        try (Ops ops = config.backend().open(config.backend().fastDType(), config.threadsToUse(), device)) {
            requireMemory(ops);
            FalconH1Model falcon = new FalconH1Model(
                    model,
                    Parameters.zeros(model, ops),
                    ops,
                    DocumentBoundaries.all(config.ssmReset()),
                    config.recompute());
            AdamW optimizer = new AdamW(falcon.parameters(), config.groups(), config.adam(), ops);
            if (last.isPresent()) {
                restore(last.get(), falcon, optimizer);
            } else {
                Initialization.initialize(falcon.parameters(), seed.child("init"));
            }
            Optional<Snapshot> snapshot = config.checkpoints().background()
                    ? Optional.of(Snapshot.of(TrainedTensors.of(falcon.parameters(), optimizer), ops))
                    : Optional.empty();
            begins.run();
            return train(falcon, optimizer, snapshot, unigram, progress);
        }
    }

    private TrainingEnd train(
            FalconH1Model falcon,
            AdamW optimizer,
            Optional<Snapshot> snapshot,
            UnigramEntropy unigram,
            Progress progress) {
        setEarlierAside();
        HeldOutFile.write(folder, heldOut.firstRows(plan));
        RunState state = last.map(checkpoint -> checkpoint.state().withPlanDigest(plan.digest()))
                .orElseGet(this::beginning);
        LOG.info("begins after step {} of {}", state.step(), steps);
        place.writeLease(state);
        try (MetricsLog metrics = MetricsLog.after(folder.resolve(MetricsLog.FILE_NAME), state.step())) {
            ValidationLoss validation =
                    new ValidationLoss(heldOut, streams, config.microBatchSequences(), tokenizer.textBytes());
            Trainer trainer = new Trainer(falcon, optimizer, config, schedule, plan.sequenceLength(), state.tokens());
            try (TokenBatches loader = new TokenBatches(
                    place.order(newOrder()),
                    streams,
                    batches::sequences,
                    state.step() + 1,
                    state.position(),
                    READ_AHEAD_BATCHES)) {
                TrainingRun run = new TrainingRun(
                        trainer,
                        optimizer,
                        loader,
                        validation,
                        checkpoints(),
                        snapshot,
                        metrics,
                        config,
                        tokenizer.files(),
                        place::writeLease,
                        SpikeDetector.behind(MetricsLog.read(folder.resolve(MetricsLog.FILE_NAME)), config.spikes()),
                        state);
                Optional<Spike> spike = run.toStep(steps, progress);
                if (spike.isPresent()) {
                    return new TrainingEnd.Spiked(spike.get());
                }
                RunState end = run.state();
                TrainingSummary summary = new TrainingSummary(
                        end.step(),
                        end.tokens(),
                        falcon.parameters().count(),
                        ModelFlops.perTrainedToken(model, plan.sequenceLength()),
                        unigram.nats(),
                        lastLoss(),
                        end.bestValidationNats(),
                        heldOut.sequences());
                summary.write(folder);
                return new TrainingEnd.Finished(summary);
            }
        }
    }

    /** Refuses what cannot fit before anything is computed, and leaves the plan in the log. */
    private void requireMemory(Ops ops) {
        int sequences = config.microBatchSequences();
        MemoryPlan memory = MemoryPlan.of(model, ops, sequences, plan.sequenceLength(), config.recompute());
        LOG.info("memory of {} x {} tokens: {}", sequences, plan.sequenceLength(), memory);
        OptionalLong free = ops.freeBytes();
        if (free.isPresent() && memory.total() > free.getAsLong()) {
            MemoryPlan least = MemoryPlan.of(model, ops, 1, plan.sequenceLength(), Recompute.BLOCK);
            throw new ConfigException(
                    MemoryPlan.KEY,
                    sequences,
                    "needs %s; the device has %.2f GiB free. Lower it, or set train.recompute (it is %s): one sequence with block needs %s"
                            .formatted(
                                    memory,
                                    free.getAsLong() / (double) (1L << 30),
                                    config.recompute().name().toLowerCase(Locale.ROOT),
                                    least));
        }
    }

    private DataException cannotGoOn(Branch begun) {
        Path file = folder.resolve(Branch.FILE_NAME);
        if (!begun.configDigest().equals(trajectoryDigest)) {
            return new DataException(
                    "%s: config_digest = %s: the settings of 'train' now (%s) are others; give those it was made with, or make another branch with 'rollback'"
                            .formatted(file, begun.configDigest(), trajectoryDigest));
        }
        return new DataException(
                "%s: plan_digest = %s: no checkpoint of the branch goes on with the plan in force (%s) and the run's seed; 'mixture revert' brings an earlier plan back"
                        .formatted(file, begun.planDigest(), plan.digest()));
    }

    private RunState beginning() {
        return new RunState(
                0, 0, 0, seed.key(), plan.digest(), trajectoryDigest, RunState.NOT_VALIDATED, CodeVersion.CURRENT);
    }

    private boolean isThisRun(RunState state) {
        return plan.continues(state.planDigest(), state.position())
                && state.configDigest().equals(trajectoryDigest)
                && state.seed() == seed.key();
    }

    /** The newest checkpoint that has read nothing but what the plan in force has, too. */
    private Optional<Checkpoint> lastOfThisRun() {
        return checkpoints().all().stream()
                .filter(checkpoint -> isThisRun(checkpoint.state()))
                .reduce((older, newer) -> newer);
    }

    private static void restore(Checkpoint checkpoint, FalconH1Model model, AdamW optimizer) {
        checkpoint.verify();
        ModelFolder.readWeights(checkpoint.folder(), model.parameters());
        OptimizerFile.read(checkpoint.folder(), optimizer.moments());
        optimizer.continueAfter(checkpoint.state().step());
    }

    /** What a run with other settings, or with another plan from here on, left behind is kept under another name. */
    private void setEarlierAside() {
        List<Path> leftBehind = last.isEmpty()
                ? List.of(
                        folder.resolve(Checkpoints.FOLDER),
                        folder.resolve(MetricsLog.FILE_NAME),
                        folder.resolve(TrainingSummary.FILE_NAME),
                        folder.resolve(HeldOutFile.FILE_NAME))
                : checkpoints().all().stream()
                        .filter(checkpoint ->
                                checkpoint.state().step() > last.get().state().step())
                        .map(Checkpoint::folder)
                        .toList();
        List<Path> there = leftBehind.stream().filter(Files::exists).toList();
        if (there.isEmpty()) {
            return;
        }
        int number = 1;
        while (Files.exists(superseded(number))) {
            number++;
        }
        try {
            for (Path path : there) {
                Path aside = superseded(number).resolve(folder.relativize(path));
                Files.createDirectories(aside.getParent());
                Files.move(path, aside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move aside the earlier run in " + folder, e);
        }
    }

    private Path superseded(int number) {
        return folder.resolve("superseded-" + number);
    }

    private TrainingOrder newOrder() {
        return new TrainingOrder(new SequenceOrder(plan), heldOut);
    }

    /** The steps of the run, for which the plan must have the sequences. */
    private int requireEnough() {
        long before = batches.sequencesUpTo(branch.map(Branch::step).orElse(0L));
        long planned = place.sequences(newOrder().size(), before);
        int wanted = config.stepsOf(plan.sequenceLength(), planned);
        long needed = batches.sequencesUpTo(wanted);
        if (wanted < 1 || needed > planned) {
            throw new DataException(
                    "train: %d steps of up to %d sequences need %d, the mixture plan has %d (and %d held out or skipped); lower train.steps"
                                    .formatted(
                                            Math.max(1, wanted),
                                            config.batchSequences(),
                                            Math.max(batches.sequences(1), needed),
                                            planned,
                                            plan.totalSequences() - planned)
                            + " or raise mixture.total-tokens");
        }
        return wanted;
    }

    private UnigramEntropy countTokens() {
        UnigramEntropy entropy = new UnigramEntropy(model.vocabSize());
        TrainingOrder order = newOrder();
        long position = 0;
        for (int step = 1; step <= steps && entropy.tokens() < UNIGRAM_TOKENS_MAX; step++) {
            TrainingOrder.Span span = order.from(position, batches.sequences(step));
            entropy.add(streams.read(span.sequences()));
            position = span.next();
        }
        return entropy;
    }

    private double lastLoss() {
        List<com.fasterxml.jackson.databind.JsonNode> lines = MetricsLog.read(folder.resolve(MetricsLog.FILE_NAME));
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).path("kind").asText().equals("step")) {
                return lines.get(i).path("loss").asDouble();
            }
        }
        throw new IllegalStateException("a finished run has at least one step");
    }
}
