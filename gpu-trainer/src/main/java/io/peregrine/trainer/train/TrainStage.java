package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.Fingerprint;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.CurrentTraining;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.eval.TextBytes;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.model.FalconH1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Training as a stage of a run: done if its manifest has today's fingerprint, else to be done, from the last checkpoint
 * of the same settings and the same plan if there is one.
 *
 * <p>Needs the manifests of tokenizer, mixture and shards. Writes into {@code 80-train}: {@code checkpoints/},
 * {@code metrics.jsonl}, {@code training.json}, and the manifest last. What a run with other settings left there is
 * moved to {@code superseded-N}, never overwritten, and not before all has been asked for that may be refused. Branches of
 * it ({@link Branches}) are trained likewise, each in a folder of its own and without a manifest: no stage reads one, but
 * for the branch in which the run goes on after a spike ({@link SpikeRollbacks}, {@link CurrentTraining}).
 */
public final class TrainStage {
    /** The stages whose outputs training reads. */
    public static final List<Stage> AFTER = List.of(Stage.TOKENIZER, Stage.MIXTURE, Stage.SHARDS);

    private final RunLayout layout;
    private final TrainConfig config;
    private final SeedStream seed;
    private final FalconH1Config model;

    /**
     * @param layout the run
     * @param config its section {@code train}
     * @param seed the run's seed
     * @throws io.peregrine.data.UserException if the model's {@code config.json} cannot be read or breaks a rule
     */
    public TrainStage(RunLayout layout, TrainConfig config, SeedStream seed) {
        this(layout, config, seed, Path.of(""));
    }

    /**
     * The same for a process that works in another directory than the command whose settings it has.
     *
     * @param directory that the model's path is relative to
     */
    public TrainStage(RunLayout layout, TrainConfig config, SeedStream seed, Path directory) {
        this.layout = layout;
        this.config = config;
        this.seed = seed;
        if (config.model().isBlank()) {
            throw new ConfigException("train.model", "\"\"", "must name the model's config.json");
        }
        this.model = FalconH1Config.read(directory.resolve(config.model()));
    }

    /** The manifest, if training has been done with these settings on these inputs. */
    public Optional<StageManifest> finished() {
        String fingerprint = fingerprint(inputs());
        return StageManifest.read(layout, Stage.TRAIN)
                .filter(manifest -> manifest.fingerprint().equals(fingerprint));
    }

    /**
     * Trains if need be, from the last checkpoint on.
     *
     * @param progress told of every step
     * @return the manifest; its output {@code model} is the last checkpoint's weights
     */
    public StageManifest ensure(Progress progress) {
        return ensure(progress, 0);
    }

    /** As {@link #ensure(Progress)}, on the device of this number where the backend has devices. */
    public StageManifest ensure(Progress progress, int device) {
        Optional<StageManifest> finished = finished();
        return finished.isPresent() ? finished.get() : train(progress, device);
    }

    /**
     * Goes on with a branch of the training, to its end. The training of the run itself is left as it is.
     *
     * @param name of a branch that {@link #rollBack} made
     * @return what it came to; its files are in the branch's folder
     */
    TrainingSummary trainBranch(String name, Progress progress) {
        inputs();
        Branches branches = new Branches(layout.train());
        branches.require(name);
        return rollbacks(branches).train(name, at -> setup(branches, at), at -> {}, progress, 0);
    }

    /**
     * Trains an arm of an experiment to its end, from its last checkpoint on if it has one. The run's own training, and
     * its hold on the plan, stay as they are.
     *
     * @return what it came to; its files are in the arm's folder
     * @throws ConfigException if it diverges, see {@link Trainer#isDivergence}
     */
    public TrainingSummary trainArm(Arm arm, Progress progress) {
        inputs();
        if (config.spikes().rollsBack()) {
            throw new ConfigException(
                    "train.spikes.action", "rollback", "arms are to read the same sequences: must be report or none");
        }
        Optional<Branch> branch = arm.origin().map(origin -> begun(arm, origin));
        TrainingPlace place = TrainingPlace.of(arm, branch);
        TrainingSetup setup = new TrainingSetup(
                layout, place, config, model, arm.plan(), stageSeed(), trajectoryDigest(), tokenizer());
        return ((TrainingEnd.Finished) setup.train(() -> {}, progress, 0)).summary();
    }

    /** Where an arm that begins at a checkpoint left the run's training. */
    private Branch begun(Arm arm, Checkpoint origin) {
        if (Files.exists(arm.folder().resolve(Branch.FILE_NAME))) {
            return Branch.read(arm.folder());
        }
        RunState state = origin.state();
        Rollback.requireSameRun(
                origin,
                new Rollback.Now(
                        arm.plan(),
                        model,
                        stageSeed().key(),
                        trajectoryDigest(),
                        config.validation().sequences()));
        Branch branch = new Branch(
                arm.folder().getFileName().toString(),
                Branch.MAIN,
                state.step(),
                state.tokens(),
                state.position(),
                state.position(),
                0,
                arm.plan().digest(),
                trajectoryDigest(),
                Instant.EPOCH.toString(),
                CodeVersion.CURRENT);
        origin.verify();
        Branches.begin(branch, origin, Optional.empty(), layout.train(), arm.folder());
        return branch;
    }

    /**
     * First row held out of each stream: what the run's training held out, or would.
     *
     * @throws io.peregrine.data.DataException if there is no plan
     */
    public Map<String, Long> heldOutRows() {
        return HeldOut.keeping(plan(), config.validation().sequences(), HeldOutFile.read(layout.train()))
                .firstRows(plan());
    }

    /** Identity of all settings that decide a training's numbers, the model's included, besides plan and seed. */
    public String settingsDigest() {
        return trajectoryDigest();
    }

    /** Makes a branch that begins at an earlier checkpoint. */
    Branch rollBack(Rollback rollback, Instant at) {
        return rollback.make(new Branches(layout.train()), now(), at);
    }

    private Rollback.Now now() {
        return new Rollback.Now(
                plan(),
                model,
                stageSeed().key(),
                trajectoryDigest(),
                config.validation().sequences());
    }

    /**
     * Refuses what this machine cannot train, before the stages whose outputs training reads are done for nothing.
     *
     * @param again whether it is trained in any case
     * @throws ConfigException if the backend cannot run here
     */
    public void requireBackend(boolean again) {
        boolean perhapsDone = !again && StageManifest.read(layout, Stage.TRAIN).isPresent();
        if (config.place() == TrainPlace.EXECUTOR || perhapsDone) {
            return; // where it has to be trained after all, training refuses, and nothing is lost
        }
        config.backend().fault().ifPresent(fault -> {
            throw new ConfigException(
                    "train.backend",
                    config.backend().key(),
                    "cannot run here: " + fault + "; or set train.backend=cpu");
        });
    }

    /** The settings. */
    public TrainConfig config() {
        return config;
    }

    private StageManifest train(Progress progress, int device) {
        long began = System.nanoTime();
        Map<String, String> inputs = inputs();
        Branches branches = new Branches(layout.train());
        TrainingSummary summary = rollbacks(branches)
                .train(
                        Branch.MAIN,
                        at -> setup(branches, at),
                        at -> {
                            StageManifest.withdraw(layout, Stage.TRAIN);
                            CurrentTraining.goesOnIn(layout.train(), branches.folder(at));
                        },
                        progress,
                        device);
        Path folder = CurrentTraining.folder(layout.train());
        Checkpoint last =
                new Checkpoints(folder.resolve(Checkpoints.FOLDER)).latest().orElseThrow();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("steps", summary.steps());
        counts.put("tokens", summary.tokens());
        counts.put("parameters", summary.parameters());
        counts.put("held-out sequences", summary.heldOutSequences());
        StageManifest manifest = new StageManifest(
                Stage.TRAIN,
                fingerprint(inputs),
                inputs,
                Map.of("model", output(last.folder().resolve(ModelFolder.WEIGHTS))),
                counts,
                (System.nanoTime() - began) / 1e9,
                CodeVersion.CURRENT);
        manifest.write(layout);
        return manifest;
    }

    private SpikeRollbacks rollbacks(Branches branches) {
        Clock clock = Clock.systemUTC();
        return new SpikeRollbacks(branches, config.spikes(), now(), clock::instant);
    }

    private TrainingSetup setup(Branches branches, String name) {
        Optional<Branch> branch = name.equals(Branch.MAIN) ? Optional.empty() : Optional.of(branches.require(name));
        TrainingPlace place = TrainingPlace.of(layout, branch, plan());
        return new TrainingSetup(layout, place, config, model, plan(), stageSeed(), trajectoryDigest(), tokenizer());
    }

    private MixturePlan plan() {
        return PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
    }

    private SeedStream stageSeed() {
        return seed.child(Stage.TRAIN.folder());
    }

    private String trajectoryDigest() {
        return config.trajectoryDigest(new PayloadDigest().add(model.json()).hex());
    }

    private String fingerprint(Map<String, String> inputs) {
        return Fingerprint.of(Stage.TRAIN, trajectoryDigest(), inputs, seed);
    }

    private Map<String, String> inputs() {
        return Fingerprint.inputsOf(AFTER.stream()
                .map(stage -> StageManifest.require(layout, stage))
                .toList());
    }

    /** The tokenizer's files go into every checkpoint. */
    private TrainingSetup.Tokenizer tokenizer() {
        List<Path> files =
                TokenizerFiles.NAMES.stream().map(layout.tokenizer()::resolve).toList();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new DataException(file + ": is missing; run the tokenizer stage again");
            }
        }
        try (BpeTokenizer bpe = BpeTokenizer.load(layout.tokenizer().resolve(TokenizerFiles.TOKENIZER_JSON))) {
            int vocabSize = bpe.vocabSize();
            TextBytes textBytes = new TextBytes(
                    model.vocabSize(), id -> id >= vocabSize || bpe.isSpecial(id) ? 0 : bpe.bytes(id).length);
            return new TrainingSetup.Tokenizer(files, vocabSize, textBytes);
        }
    }

    private TableVersion output(Path file) {
        try {
            String path = layout.root()
                    .relativize(file.toAbsolutePath().normalize())
                    .toString()
                    .replace('\\', '/');
            String digest = new PayloadDigest().add(file).hex();
            return new TableVersion(path, TableVersion.PLAIN_FILE, Files.size(file), digest);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read back " + file, e);
        }
    }
}
