package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.train.Arm;
import io.peregrine.trainer.train.MetricsLog;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import io.peregrine.trainer.train.Trainer;
import io.peregrine.trainer.train.TrainingSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains the arms of an experiment, those that have no result of the same settings yet: one after the other, each from its
 * last checkpoint if it was stopped.
 *
 * <p>Thread: one. The caller holds the run's lock.
 */
public final class ArmRunner {
    private final Experiment experiment;
    private final ArmOrder order;
    private final boolean keepCheckpoints;
    private final RunLayout layout;
    private final MixturePlan inForce;
    private final Map<String, Long> heldOut;

    /** An arm with a seed, put together and not yet trained. */
    private record Prepared(
            ArmSpec arm,
            long seed,
            TrainConfig config,
            MixturePlan plan,
            Optional<List<SequenceRef>> reads,
            TrainStage stage,
            String fingerprint) {}

    /**
     * Reads the run.
     *
     * @param order in which order arms read the shards
     * @param keepCheckpoints whether checkpoints stay when an arm is finished
     * @throws io.peregrine.data.UserException if the run has no plan, or holds nothing out to measure on
     */
    public ArmRunner(Experiment experiment, ArmOrder order, boolean keepCheckpoints) {
        this.experiment = experiment;
        this.order = order;
        this.keepCheckpoints = keepCheckpoints;
        RunFile settings = experiment.settings();
        this.layout = settings.layout();
        this.inForce = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        TrainConfig config = settings.section("train", TrainConfig.class);
        this.heldOut = new TrainStage(layout, config, settings.seed()).heldOutRows();
        if (new HeldOutLosses(layout, inForce, heldOut).sequences() == 0) {
            throw new ConfigException(
                    "train.validation.sequences",
                    config.validation().sequences(),
                    "holds nothing out of the plan's streams, and arms are compared on what is held out; give more");
        }
    }

    /**
     * Trains what is not finished.
     *
     * @param progress told of every step
     * @param told a line about each arm as it ends
     * @return the results of all arms, seed by seed within each arm
     */
    public List<ArmResult> run(Progress progress, Consumer<String> told) {
        List<Prepared> all = new ArrayList<>();
        for (ArmSpec arm : experiment.arms()) {
            for (long seed : experiment.seeds()) {
                all.add(prepare(arm, seed)); // what is wrong with one arm is said before any is trained
            }
        }
        List<ArmResult> results = new ArrayList<>();
        for (Prepared prepared : all) {
            Optional<ArmResult> finished = ArmResult.read(resultFile(prepared))
                    .filter(result -> result.fingerprint().equals(prepared.fingerprint()));
            ArmResult result = finished.orElseGet(() -> train(prepared, progress));
            results.add(result);
            told.accept("%d of %d: %s, seed %d: %s%s"
                    .formatted(
                            results.size(),
                            all.size(),
                            result.arm(),
                            result.seed(),
                            result.trained()
                                    .map(it -> "held-out loss %.4f".formatted(HeldOutMeans.loss(it.heldOut())))
                                    .orElse("diverged"),
                            finished.isPresent() ? " (finished before)" : ""));
        }
        return results;
    }

    private Prepared prepare(ArmSpec arm, long seed) {
        Path config = armFolder(arm).resolve(ModelFolder.CONFIG);
        try {
            AtomicFiles.write(config, experiment.model(arm).json().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + config, e);
        }
        RunFile settings = experiment.settings(arm, config);
        TrainConfig train = settings.section("train", TrainConfig.class);
        ArmOrder.Request request = new ArmOrder.Request(arm, settings, experiment.changesMixture(arm), inForce, seed);
        MixturePlan plan = order.plan(request);
        Optional<List<SequenceRef>> reads = order.reads(request, plan, HeldOut.keeping(plan, 0, heldOut));
        SeedStream seeds = order.origin().isPresent() ? settings.seed() : SeedStream.of(seed);
        TrainStage stage = new TrainStage(layout, train, seeds);
        PayloadDigest fingerprint = new PayloadDigest()
                .add(stage.settingsDigest())
                .add(plan.digest())
                .add(seeds.key())
                .add(order.origin()
                        .map(it -> it.state().planDigest() + "/" + it.state().step())
                        .orElse(""));
        heldOut.forEach((stream, row) -> fingerprint.add(stream).add(row));
        reads.ifPresent(list -> list.forEach(it -> fingerprint.add(it.stream()).add(it.row())));
        return new Prepared(arm, seed, train, plan, reads, stage, fingerprint.hex());
    }

    private ArmResult train(Prepared prepared, Progress progress) {
        Path folder = folder(prepared);
        claim(prepared);
        Optional<TrainedArm> trained = Optional.empty();
        Optional<String> divergence = Optional.empty();
        try {
            TrainingSummary summary = prepared.stage()
                    .trainArm(new Arm(folder, prepared.plan(), heldOut, prepared.reads(), order.origin()), progress);
            TrainedArm measured = measured(prepared, summary);
            divergence = measured.notFinite();
            trained = divergence.isEmpty() ? Optional.of(measured) : Optional.empty();
        } catch (ConfigException e) {
            if (!Trainer.isDivergence(e)) {
                throw e;
            }
            divergence = Optional.of(e.getMessage());
        }
        ArmResult result = new ArmResult(
                prepared.arm().name(),
                prepared.seed(),
                prepared.fingerprint(),
                prepared.arm().coordinates(),
                prepared.arm().values(),
                trained,
                divergence);
        result.write(resultFile(prepared));
        if (!keepCheckpoints) {
            ArmFolders.delete(folder.resolve(Checkpoints.FOLDER));
        }
        return result;
    }

    private TrainedArm measured(Prepared prepared, TrainingSummary summary) {
        Path folder = folder(prepared);
        Checkpoint last = new Checkpoints(folder.resolve(Checkpoints.FOLDER))
                .latest()
                .orElseThrow(() -> new DataException(folder + ": has no checkpoint; delete it to train the arm again"));
        TrainConfig config = prepared.config();
        try (Ops ops = config.backend().open(config.backend().fastDType(), config.threadsToUse())) {
            FalconH1Model model = ModelFolder.loadExact(last.folder(), ops);
            return TrainedArm.of(
                    summary,
                    MetricsLog.read(folder.resolve(MetricsLog.FILE_NAME)).stream()
                            .filter(line -> line.path("kind").asText().equals("step"))
                            .filter(line -> line.path("step").asLong()
                                    > order.origin()
                                            .map(it -> it.state().step())
                                            .orElse(0L))
                            .toList(),
                    new HeldOutLosses(layout, inForce, heldOut).of(model),
                    KindNorm.of(model.parameters(), ops.optim()));
        }
    }

    /** The folder is this arm's from here on; what one with other settings left there is kept under another name. */
    private void claim(Prepared prepared) {
        Path claim = armFolder(prepared.arm()).resolve(seedName(prepared) + ".fingerprint");
        try {
            boolean same = Files.exists(claim) && Files.readString(claim).equals(prepared.fingerprint());
            if (!same) {
                ArmFolders.moveAside(folder(prepared));
                AtomicFiles.write(claim, prepared.fingerprint().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot claim " + folder(prepared), e);
        }
    }

    private Path armFolder(ArmSpec arm) {
        return experiment.folder().resolve("arms").resolve(arm.name());
    }

    private Path folder(Prepared prepared) {
        return armFolder(prepared.arm()).resolve(seedName(prepared));
    }

    private Path resultFile(Prepared prepared) {
        return armFolder(prepared.arm()).resolve(seedName(prepared) + ".json");
    }

    private static String seedName(Prepared prepared) {
        return "seed-" + prepared.seed();
    }
}
