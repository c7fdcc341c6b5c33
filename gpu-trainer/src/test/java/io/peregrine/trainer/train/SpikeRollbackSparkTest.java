package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.CurrentTraining;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainInOwnProcess;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose data has a stretch of noise in each epoch, too early in the first one to be spikes. */
@Tag("spark")
final class SpikeRollbackSparkTest {
    private static final int STEPS = 58;
    private static final long SEED_NUMBER = 5;
    private static final SeedStream SEED = SeedStream.of(SEED_NUMBER);

    @TempDir
    static Path folder;

    private static RunLayout straight;
    private static StageManifest manifest;

    @BeforeAll
    static void train() {
        straight = new RunLayout(folder.resolve("straight"));
        TestRun.write(straight, 30_000, 100, 16);
        manifest = stage(straight, STEPS, 3).ensure(Progress.SILENT);
    }

    private static TrainStage stage(RunLayout layout, int steps, int maxRollbacks) {
        return new TrainStage(layout, TrainSettings.goingBack(steps, maxRollbacks), SEED);
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

    private static Path branch(RunLayout layout, String name) {
        return new Branches(layout.train()).folder(name);
    }

    private static List<JsonNode> lines(Path folder, String kind) {
        return MetricsLog.read(folder.resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .toList();
    }

    private static List<Double> losses(Path folder) {
        return lines(folder, "step").stream()
                .map(line -> line.path("loss").asDouble())
                .toList();
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

    private static void assertSameRun(RunLayout layout) throws IOException {
        assertThat(CurrentTraining.folder(layout.train())).isEqualTo(branch(layout, "spike-2"));
        for (String name : List.of(Branch.MAIN, "spike-1", "spike-2")) {
            assertThat(losses(branch(layout, name))).as(name).isEqualTo(losses(branch(straight, name)));
            assertThat(lines(branch(layout, name), "spike")).as(name).isEqualTo(lines(branch(straight, name), "spike"));
        }
        assertThat(Checkpoints.modelFolder(layout.root()).resolve(ModelFolder.WEIGHTS))
                .hasSameBinaryContentAs(Checkpoints.modelFolder(straight.root()).resolve(ModelFolder.WEIGHTS));
    }

    @Test
    void eachSpikeIsGoneBackFromPastWhatWasRead() {
        List<Branch> branches = new Branches(straight.train()).all();
        assertThat(branches).extracting(Branch::name).containsExactly("spike-1", "spike-2");
        assertThat(branches).extracting(Branch::parent).containsExactly(Branch.MAIN, "spike-1");
        for (Branch branch : branches) {
            Path parent = branch(straight, branch.parent());
            JsonNode spike = lines(parent, "spike").get(0);
            assertThat(lines(parent, "spike")).hasSize(1);
            assertThat(branch.step())
                    .as("the last checkpoint before it")
                    .isBetween(
                            spike.path("first_step").asLong() - 5,
                            spike.path("first_step").asLong() - 1)
                    .matches(step -> step % 5 == 0);
            assertThat(branch.toPosition())
                    .as("600 tokens farther on, in sequences of 24")
                    .isEqualTo(spike.path("position").asLong() + 25);
            assertThat(branch.skippedSequences())
                    .as("eight a step, those of the parent's skip included")
                    .isGreaterThanOrEqualTo(8 * (spike.path("step").asLong() - branch.step()));
            JsonNode rollback =
                    lines(branch(straight, branch.name()), "rollback").get(branches.indexOf(branch));
            assertThat(rollback.path("step").asLong()).isEqualTo(branch.step());
            assertThat(rollback.path("spike_step")).isEqualTo(spike.path("step"));
            List<Double> high = losses(parent)
                    .subList(
                            spike.path("first_step").asInt() - 1, losses(parent).size());
            assertThat(losses(branch(straight, branch.name())).subList((int) branch.step(), (int) branch.step() + 6))
                    .allSatisfy(loss -> assertThat(loss).isLessThan(high.get(0)));
        }
    }

    @Test
    void theTreeSaysWhatMadeABranch() {
        assertThat(new Branches(straight.train()).tree())
                .containsPattern(
                        "\n  spike-1: of step 35 \\([0-9,]+ tokens\\), skips positions [0-9]+\\.\\.[0-9]+, after a spike; is at step 50 ")
                .contains("\n    spike-2: of step 50 (");
    }

    @Test
    void theRunIsWhatTheLastBranchCameTo() throws IOException {
        Path last = branch(straight, "spike-2");
        assertThat(losses(last)).hasSize(STEPS);
        assertThat(manifest.output("model").path())
                .isEqualTo("80-train/branches/spike-2/checkpoints/step-000058/model.safetensors");
        assertThat(Checkpoints.modelFolder(straight.root()))
                .isEqualTo(last.resolve(Checkpoints.FOLDER).resolve(Checkpoints.nameOf(STEPS)));
        assertThat(stage(straight, STEPS, 3).ensure(failingAfter(1))).isEqualTo(manifest);
        assertThat(stage(straight, STEPS, 9).finished())
                .as("how often it may go back decides no number")
                .isPresent();
    }

    @Test
    void aRunStoppedAnywhereDecidesAlike() throws IOException {
        RunLayout layout = fresh("stopped");
        long spike = lines(straight.train(), "spike").get(0).path("step").asLong();
        for (long step : new long[] {3, spike - 1, spike, spike + 3}) {
            assertThatThrownBy(() -> stage(layout, STEPS, 3).ensure(failingAfter((int) step)))
                    .hasMessage("stopped");
        }
        stage(layout, STEPS, 3).ensure(Progress.SILENT);
        assertSameRun(layout);
    }

    /** Killed when the first sign of a branch is seen: while it is made, or when it has been. */
    @Test
    void aRunKilledInARollbackDecidesAlike() throws Exception {
        RunLayout layout = fresh("killed");
        Path branches = layout.train().resolve("branches");
        Process process = TrainInOwnProcess.startGoingBack(layout, STEPS, SEED_NUMBER);
        while (!Files.exists(branches) && !process.waitFor(1, TimeUnit.MILLISECONDS)) {}
        process.destroyForcibly().waitFor();
        assertThat(process.exitValue()).isNotZero();
        assertThat(branches).exists();
        stage(layout, STEPS, 3).ensure(Progress.SILENT);
        assertSameRun(layout);
        try (Stream<Path> made = Files.list(branches)) {
            assertThat(made).noneMatch(path -> path.getFileName().toString().startsWith("."));
        }
    }

    @Test
    void aRunThatSpikesTooOftenStops() throws IOException {
        RunLayout layout = fresh("often");
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> stage(layout, STEPS, 1).ensure(Progress.SILENT))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("80-train/branches/spike-1: step ")
                    .hasMessageContaining(
                            "; it is not gone back from after 1 rollbacks (train.spikes.max-rollbacks): what follows spikes too");
        }
        stage(layout, STEPS, 3).ensure(Progress.SILENT);
        assertSameRun(layout);
    }

    @Test
    void aSpikeThatIsOnlyReportedChangesNoNumber() throws IOException {
        RunLayout layout = fresh("reported");
        SpikeConfig report = new SpikeConfig(SpikeAction.REPORT, 8, 5, 2, 0, 3);
        new TrainStage(layout, TrainSettings.spiking(STEPS, 0.01, report), SEED).ensure(Progress.SILENT);
        assertThat(lines(layout.train(), "spike"))
                .startsWith(lines(straight.train(), "spike").get(0));
        assertThat(losses(layout.train()))
                .hasSize(STEPS)
                .startsWith(losses(straight.train()).toArray(Double[]::new));
        assertThat(layout.train().resolve("branches")).doesNotExist();
        SpikeConfig none = new SpikeConfig(SpikeAction.NONE, 8, 5, 2, 0, 3);
        assertThat(new TrainStage(layout, TrainSettings.spiking(STEPS, 0.01, none), SEED).finished())
                .as("the same run")
                .isPresent();
    }

    /** A learning rate that no model survives: the loss is no number before there is a checkpoint. */
    @Test
    void withoutACheckpointBeforeItThereIsNoWayBack() throws IOException {
        RunLayout layout = fresh("diverged");
        SpikeConfig rollback = new SpikeConfig(SpikeAction.ROLLBACK, 8, 5, 2, 0, 3);
        assertThatThrownBy(() -> new TrainStage(layout, TrainSettings.spiking(STEPS, 1e30, rollback), SEED)
                        .ensure(Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "80-train: step 2: loss or gradient is not finite; there is no checkpoint before it");
    }

    @Test
    void withoutARollbackWhatIsNotFiniteEndsTheRun() throws IOException {
        RunLayout layout = fresh("not-finite");
        SpikeConfig report = new SpikeConfig(SpikeAction.REPORT, 8, 5, 2, 0, 3);
        assertThatThrownBy(() -> new TrainStage(layout, TrainSettings.spiking(STEPS, 1e30, report), SEED)
                        .ensure(Progress.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("step 2: loss NaN, gradient norm ")
                .hasMessageContaining("training has diverged; lower train.learning-rate");
        assertThat(lines(layout.train(), "spike").get(0).path("deviations").asText())
                .isEqualTo("Infinity");
    }

    @Test
    void aSkipBeyondThePlanIsRefused() throws IOException {
        RunLayout layout = fresh("beyond");
        SpikeConfig rollback = new SpikeConfig(SpikeAction.ROLLBACK, 8, 5, 2, 40_000, 3);
        assertThatThrownBy(() -> new TrainStage(layout, TrainSettings.spiking(STEPS, 0.01, rollback), SEED)
                        .ensure(Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("; the plan has no sequences behind position ")
                .hasMessageEndingWith("raise mixture.total-tokens or lower train.spikes.skip-tokens");
    }
}
