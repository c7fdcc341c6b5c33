package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.OptimizerFile;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainInOwnProcess;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("spark")
final class TrainStageSparkTest {
    private static final int STEPS = 24;
    private static final long SEED_NUMBER = 5;
    private static final SeedStream SEED = SeedStream.of(SEED_NUMBER);

    @TempDir
    static Path folder;

    private static RunLayout straight;
    private static StageManifest straightManifest;

    @BeforeAll
    static void trainWithoutAnyStop() {
        straight = new RunLayout(folder.resolve("straight"));
        TestRun.write(straight, 30_000);
        straightManifest =
                new TrainStage(straight, TrainSettings.of(STEPS, Backend.REFERENCE), SEED).ensure(Progress.SILENT);
    }

    private static RunLayout fresh(String name) throws IOException {
        RunLayout layout = new RunLayout(folder.resolve(name));
        try (Stream<Path> walk = Files.walk(straight.root())) {
            for (Path source :
                    walk.filter(path -> !path.startsWith(straight.train())).toList()) {
                Path target =
                        layout.root().resolve(straight.root().relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
        return layout;
    }

    private static TrainStage stage(RunLayout layout) {
        return new TrainStage(layout, TrainSettings.of(STEPS, Backend.REFERENCE), SEED);
    }

    private static List<Double> losses(RunLayout layout) {
        return stepLines(layout).stream()
                .map(line -> line.path("loss").asDouble())
                .toList();
    }

    private static List<JsonNode> stepLines(RunLayout layout) {
        return MetricsLog.read(layout.train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals("step"))
                .toList();
    }

    private static List<Long> steps(RunLayout layout, String kind) {
        return MetricsLog.read(layout.train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .map(line -> line.path("step").asLong())
                .toList();
    }

    private static Path checkpoint(RunLayout layout, long step) {
        return layout.train().resolve(Checkpoints.FOLDER).resolve(Checkpoints.nameOf(step));
    }

    private static void assertSameRun(RunLayout layout) throws IOException {
        assertThat(losses(layout)).isEqualTo(losses(straight));
        assertThat(steps(layout, "validation")).isEqualTo(steps(straight, "validation"));
        for (String file : List.of(ModelFolder.WEIGHTS, OptimizerFile.FILE_NAME, "run_state.json")) {
            assertThat(Files.readAllBytes(checkpoint(layout, STEPS).resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(checkpoint(straight, STEPS).resolve(file)));
        }
    }

    /** Tells of progress until it fails, as a process that dies would stop. */
    private static Progress failingAfter(int step) {
        return (name, unit, total) -> new Progress.Task() {
            @Override
            public void advance(long done) {}

            @Override
            public void say(String note) {
                if (note.startsWith("step " + step + " ")) {
                    throw new IllegalStateException("stopped");
                }
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void theLossFallsAndIsWhatItWas() {
        List<Double> losses = losses(straight);
        assertThat(losses).hasSize(STEPS);
        // A new model knows nothing: the logarithm of the vocabulary.
        assertThat(losses.get(0)).isCloseTo(Math.log(TestRun.VOCAB), within(0.2));
        assertThat(losses.get(STEPS - 1)).isLessThan(losses.get(0) - 2);
        List<Double> pinned = TrainSettings.pinnedLosses();
        assertThat(pinned).as("losses to pin: %s", losses).hasSize(STEPS);
        for (int i = 0; i < STEPS; i++) {
            assertThat(losses.get(i))
                    .as("step %d", i + 1)
                    .isCloseTo(pinned.get(i), within(TrainSettings.LOSS_TOLERANCE));
        }
    }

    @Test
    void theWaitForABatchIsAPartOfItsStep() {
        long before = 0;
        for (JsonNode step : stepLines(straight)) {
            long tokens = step.path("tokens").asLong();
            double seconds = (tokens - before) / step.path("tokens_per_second").asDouble();
            assertThat(step.path("loader_wait_seconds").asDouble()).isBetween(1e-9, seconds);
            before = tokens;
        }
        assertThat(before).isPositive();
    }

    @Test
    void theCpuBackendTrainsAlikeAndResumesBitForBit() throws IOException {
        RunLayout whole = fresh("cpu");
        new TrainStage(whole, TrainSettings.of(STEPS, Backend.CPU), SEED).ensure(Progress.SILENT);
        List<Double> reference = losses(straight);
        for (int i = 0; i < STEPS; i++) {
            assertThat(losses(whole).get(i))
                    .as("step %d", i + 1)
                    .isCloseTo(reference.get(i), within(TrainSettings.LOSS_TOLERANCE));
        }
        RunLayout stopped = fresh("cpu-stopped");
        TrainStage stage = new TrainStage(stopped, TrainSettings.of(STEPS, Backend.CPU), SEED);
        assertThatThrownBy(() -> stage.ensure(failingAfter(13))).hasMessage("stopped");
        stage.ensure(Progress.SILENT);
        assertThat(losses(stopped)).isEqualTo(losses(whole));
        assertThat(Files.readAllBytes(checkpoint(stopped, STEPS).resolve(ModelFolder.WEIGHTS)))
                .isEqualTo(Files.readAllBytes(checkpoint(whole, STEPS).resolve(ModelFolder.WEIGHTS)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Backend.class,
            names = {"REFERENCE", "CPU"})
    void normsAreMeasuredNowAndThenAndChangeNothing(Backend backend) throws IOException {
        RunLayout without = fresh("norms-not-" + backend);
        RunLayout with = fresh("norms-" + backend);
        new TrainStage(without, TrainSettings.measuringNorms(8, backend, 0), SEED).ensure(Progress.SILENT);
        TrainConfig measuring = TrainSettings.measuringNorms(8, backend, 3);
        new TrainStage(with, measuring, SEED).ensure(Progress.SILENT);
        assertThat(losses(with)).isEqualTo(losses(without));
        assertThat(checkpoint(with, 8).resolve(ModelFolder.WEIGHTS))
                .hasSameBinaryContentAs(checkpoint(without, 8).resolve(ModelFolder.WEIGHTS));
        assertThat(new TrainStage(without, measuring, SEED).finished())
                .as("the same run")
                .isPresent();
        List<JsonNode> measured = MetricsLog.read(with.train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.has("norms"))
                .toList();
        assertThat(measured).extracting(line -> line.path("step").asLong()).containsExactly(3L, 6L);
        for (JsonNode line : measured) {
            JsonNode norms = line.path("norms");
            assertThat(squares(norms.path("parameters")))
                    .isCloseTo(Math.pow(line.path("parameter_norm").asDouble(), 2), withinPercentage(1e-4));
            assertThat(squares(norms.path("gradients")))
                    .isCloseTo(Math.pow(line.path("gradient_norm").asDouble(), 2), withinPercentage(1e-4));
            assertThat(norms.path("updates").path("ssm-in").asDouble()).isPositive();
            // Step sizes begin between 0.001 and 0.1.
            assertThat(norms.path("step_size_mean").asDouble()).isBetween(1e-3, 0.5);
            assertThat(norms.path("step_size_largest").asDouble())
                    .isBetween(norms.path("step_size_mean").asDouble(), 2.0);
        }
    }

    private static double squares(JsonNode norms) {
        double sum = 0;
        for (JsonNode norm : norms) {
            sum += norm.asDouble() * norm.asDouble();
        }
        return sum;
    }

    @Test
    void resetsByBiasTrainAlikeAndAreAnotherRun() throws IOException {
        RunLayout exact = fresh("reset-exact");
        RunLayout biased = fresh("reset-bias80");
        for (RunLayout layout : List.of(exact, biased)) {
            SsmReset ssmReset = layout.equals(biased) ? SsmReset.BIAS80 : SsmReset.EXACT;
            TrainConfig config = TrainSettings.resetting(8, Backend.CPU, ssmReset);
            new TrainStage(layout, config, SEED).ensure(Progress.SILENT);
        }
        TrainConfig byBias = TrainSettings.resetting(8, Backend.CPU, SsmReset.BIAS80);
        assertThat(new TrainStage(biased, byBias, SEED).finished()).isPresent();
        assertThat(new TrainStage(exact, byBias, SEED).finished()).isEmpty();
        for (int i = 0; i < 8; i++) {
            assertThat(losses(biased).get(i))
                    .as("step %d", i + 1)
                    .isCloseTo(losses(exact).get(i), within(TrainSettings.LOSS_TOLERANCE));
        }
    }

    /** Batches of 4 sequences at first and of 8 later: stopped in the middle of the growth, and after it. */
    @Test
    void aBatchThatGrowsResumesBitForBit() throws IOException {
        TrainConfig ramped = TrainSettings.ramped(STEPS, Backend.REFERENCE, 6L * 8 * TestRun.SEQUENCE_LENGTH);
        RunLayout whole = fresh("ramped");
        new TrainStage(whole, ramped, SEED).ensure(Progress.SILENT);
        List<Integer> sizes = MetricsLog.read(whole.train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals("step"))
                .map(line -> line.path("sequences").asInt())
                .toList();
        assertThat(sizes)
                .hasSize(STEPS)
                .startsWith(4, 4)
                .endsWith(8, 8, 8, 8, 8)
                .isSorted();
        RunLayout stopped = fresh("ramped-stopped");
        TrainStage stage = new TrainStage(stopped, ramped, SEED);
        assertThatThrownBy(() -> stage.ensure(failingAfter(11))).hasMessage("stopped");
        assertThatThrownBy(() -> stage.ensure(failingAfter(22))).hasMessage("stopped");
        stage.ensure(Progress.SILENT);
        assertThat(losses(stopped)).isEqualTo(losses(whole));
        assertThat(Files.readAllBytes(checkpoint(stopped, STEPS).resolve(ModelFolder.WEIGHTS)))
                .isEqualTo(Files.readAllBytes(checkpoint(whole, STEPS).resolve(ModelFolder.WEIGHTS)));
    }

    @Test
    void validationAndSummaryAreThere() {
        assertThat(steps(straight, "validation")).containsExactly(8L, 16L, 24L);
        JsonNode last = MetricsLog.read(straight.train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals("validation"))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last.path("streams").fieldNames()).toIterable().containsExactly("code", "web");
        // Every word of the made-up language is one byte, so bits per byte are nats over ln 2 and the share of words.
        double bitsPerToken = last.path("loss").asDouble() / Math.log(2);
        assertThat(last.path("bits_per_byte").asDouble()).isBetween(bitsPerToken, 1.3 * bitsPerToken);
        assertThat(straightManifest.counts()).containsEntry("steps", 24L).containsEntry("held-out sequences", 19L);
        assertThat(straight.train().resolve(TrainingSummary.FILE_NAME)).exists();
    }

    @Test
    void theCheckpointIsAFolderForHuggingFace() {
        assertThat(checkpoint(straight, STEPS))
                .isDirectoryContaining(path -> path.endsWith("config.json"))
                .isDirectoryContaining(path -> path.endsWith("model.safetensors"))
                .isDirectoryContaining(path -> path.endsWith("tokenizer.json"))
                .isDirectoryContaining(path -> path.endsWith("tokenizer_config.json"));
        assertThat(straightManifest.output("model").path())
                .isEqualTo("80-train/checkpoints/step-000024/model.safetensors");
        assertThat(Checkpoints.modelFolder(straight.root())).isEqualTo(checkpoint(straight, STEPS));
    }

    @Test
    void aRunStoppedAnywhereEndsAsIfItHadNot() throws IOException {
        RunLayout layout = fresh("stopped");
        for (int step : new int[] {3, 10, 13, 23, 24}) {
            assertThatThrownBy(() -> stage(layout).ensure(failingAfter(step))).hasMessage("stopped");
        }
        StageManifest manifest = stage(layout).ensure(Progress.SILENT);
        assertThat(manifest.outputs()).isEqualTo(straightManifest.outputs());
        assertSameRun(layout);
    }

    /** Killed without a word, at steps of its own choosing: after the line of metrics appears, in or between writes. */
    @Test
    void aKilledProcessLeavesTheLastCheckpointAndIsGoneOnFrom() throws Exception {
        RunLayout layout = fresh("killed");
        for (int lines : new int[] {2, 9, 17}) {
            Process process = TrainInOwnProcess.start(layout, STEPS, 3, SEED_NUMBER);
            while (losses(layout).size() < lines && !process.waitFor(5, TimeUnit.MILLISECONDS)) {}
            process.destroyForcibly().waitFor();
            assertThat(process.exitValue()).isNotZero();
            new Checkpoints(layout.train().resolve(Checkpoints.FOLDER)).all().forEach(Checkpoint::verify);
        }
        assertThat(losses(layout)).hasSizeGreaterThanOrEqualTo(17);
        stage(layout).ensure(Progress.SILENT);
        assertSameRun(layout);
    }

    @Test
    void aFinishedStageIsNotDoneAgain() throws IOException {
        Path model = checkpoint(straight, STEPS).resolve(ModelFolder.WEIGHTS);
        Object before = Files.getLastModifiedTime(model);
        assertThat(stage(straight).ensure(failingAfter(1))).isEqualTo(straightManifest);
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(before);
        // Saving and measuring more often is the same run.
        TrainConfig config = TrainSettings.of(STEPS, Backend.REFERENCE, 3);
        assertThat(new TrainStage(straight, config, SEED).finished()).isPresent();
        assertThat(new TrainStage(straight, TrainSettings.of(STEPS - 1, Backend.REFERENCE), SEED).finished())
                .isEmpty();
        assertThat(new TrainStage(straight, config, SeedStream.of(6)).finished())
                .isEmpty();
    }

    @Test
    void otherSettingsBeginAnewAndKeepWhatWasThere() throws IOException {
        RunLayout layout = fresh("changed");
        new TrainStage(layout, TrainSettings.of(5, Backend.REFERENCE), SEED).ensure(Progress.SILENT);
        new TrainStage(layout, TrainSettings.of(4, Backend.REFERENCE), SEED).ensure(Progress.SILENT);
        assertThat(steps(layout, "step")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(layout.train().resolve("superseded-1/checkpoints/step-000005/model.safetensors"))
                .exists();
        assertThat(layout.train().resolve("superseded-1/metrics.jsonl")).exists();
    }

    /** On a machine without a device, which is where these tests run; with one, a model that does not fit would do. */
    @Test
    void aTrainingThatIsRefusedLeavesAFinishedOneAsItWas() throws IOException {
        assumeThat(Backend.CUDA.fault()).isPresent();
        RunLayout layout = fresh("refused");
        StageManifest manifest =
                new TrainStage(layout, TrainSettings.of(5, Backend.REFERENCE), SEED).ensure(Progress.SILENT);
        Map<Path, String> before = digests(layout.root());

        TrainStage onADevice = new TrainStage(layout, TrainSettings.of(4, Backend.CUDA), SEED);
        assertThatThrownBy(() -> onADevice.ensure(Progress.SILENT))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("the cuda backend cannot run here");
        assertThat(digests(layout.root())).isEqualTo(before);
        assertThat(new TrainStage(layout, TrainSettings.of(5, Backend.REFERENCE), SEED).finished())
                .contains(manifest);
    }

    private static Map<Path, String> digests(Path root) throws IOException {
        Map<Path, String> digests = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                digests.put(file, new PayloadDigest().add(file).hex());
            }
        }
        return digests;
    }

    /** Changed from the block after the checkpoint on: what was trained stays, and what comes is the new plan's. */
    @Test
    void aChangedMixtureIsGoneOnWithFromTheLastCheckpointThatItAgreesWith() throws IOException {
        RunLayout layout = fresh("mixture-changed");
        assertThatThrownBy(() -> stage(layout).ensure(failingAfter(18))).hasMessage("stopped");
        List<Double> before = List.copyOf(losses(layout).subList(0, 12));
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        assertThat(PlanLease.block(layout.mixture(), plan.blockSize())).isEqualTo(1);
        MixturePlan changed = TestRun.changed(plan, 2, "0.75", "0.25");
        PlanFile.write(layout.mixture().resolve(MixturePlan.FILE_NAME), changed);
        stage(layout).ensure(Progress.SILENT);
        assertThat(losses(layout)).hasSize(STEPS);
        assertThat(losses(layout).subList(0, 12))
                .as("of the blocks before the change")
                .isEqualTo(before);
        assertThat(losses(layout)).isNotEqualTo(losses(straight));
        Checkpoint last = new Checkpoints(layout.train().resolve(Checkpoints.FOLDER))
                .latest()
                .orElseThrow();
        assertThat(last.state().planDigest()).isEqualTo(changed.digest());
        assertThat(Files.readString(layout.train().resolve(HeldOutFile.FILE_NAME)))
                .as("what is measured on stays out of training")
                .isEqualTo(Files.readString(straight.train().resolve(HeldOutFile.FILE_NAME)));
    }

    @Test
    void aDamagedCheckpointIsNamedAndNotUsed() throws IOException {
        RunLayout layout = fresh("damaged");
        assertThatThrownBy(() -> stage(layout).ensure(failingAfter(22))).hasMessage("stopped");
        Path weights = checkpoint(layout, 20).resolve(ModelFolder.WEIGHTS);
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 5000));
        assertThatThrownBy(() -> stage(layout).ensure(Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000020/model.safetensors: has 5000 bytes")
                .hasMessageContaining("delete the folder step-000020 to resume from the checkpoint before it");
        deleteAll(checkpoint(layout, 20));
        stage(layout).ensure(Progress.SILENT);
        assertSameRun(layout);
    }

    private static void deleteAll(Path doomed) throws IOException {
        try (Stream<Path> walk = Files.walk(doomed)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void oldCheckpointsGo() {
        assertThat(new Checkpoints(straight.train().resolve(Checkpoints.FOLDER)).all())
                .extracting(Checkpoint::state)
                .extracting(state -> state.step())
                .containsExactly(20L, 24L);
    }

    @Test
    void aPlanTooShortIsRefusedBeforeAnyWork() throws IOException {
        RunLayout layout = fresh("short");
        assertThatThrownBy(() ->
                        new TrainStage(layout, TrainSettings.of(5000, Backend.REFERENCE), SEED).ensure(Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("train: 5000 steps of up to 8 sequences need 40000, the mixture plan has 11")
                .hasMessageEndingWith("lower train.steps or raise mixture.total-tokens");
        assertThat(layout.train()).doesNotExist();
    }
}
