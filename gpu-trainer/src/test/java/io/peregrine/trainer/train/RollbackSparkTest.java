package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.OptimizerFile;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of 24 steps of 8 sequences, with checkpoints at 10, 20 and 24, gone back in. */
@Tag("spark")
final class RollbackSparkTest {
    private static final int STEPS = 24;
    private static final SeedStream SEED = SeedStream.of(5);
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @TempDir
    static Path folder;

    private static RunLayout layout;
    private static TestRun run;
    private static MixturePlan plan;
    private static Branches branches;

    @BeforeAll
    static void train() {
        layout = new RunLayout(folder.resolve("run"));
        run = TestRun.write(layout, 30_000);
        plan = run.plan();
        stage().ensure(Progress.SILENT);
        branches = new Branches(layout.train());
    }

    private static TrainStage stage() {
        return stage(STEPS);
    }

    private static TrainStage stage(int steps) {
        return new TrainStage(layout, TrainSettings.keepingLogSpaced(steps, Backend.REFERENCE), SEED);
    }

    private static Branch rollBack(String parent, long tokens, Optional<Long> skipTo, String name) {
        return stage().rollBack(new Rollback(parent, tokens, skipTo, Optional.of(name)), NOON);
    }

    private static RunState state(String branch, long step) {
        return RunState.read(checkpoint(branch, step));
    }

    private static Path checkpoint(String branch, long step) {
        return branches.folder(branch).resolve(Checkpoints.FOLDER).resolve(Checkpoints.nameOf(step));
    }

    private static List<String> lines(String branch, String kind) {
        return MetricsLog.read(branches.folder(branch).resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals(kind))
                .map(line -> line.path("step") + " " + line.path("loss") + " " + line.path("tokens"))
                .toList();
    }

    /** Tokens that each step after this one trained on. */
    private static List<Long> tokensOfSteps(String branch, int after) {
        List<Long> tokens = MetricsLog.read(branches.folder(branch).resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.path("kind").asText().equals("step"))
                .map(line -> line.path("tokens").asLong())
                .toList();
        return IntStream.range(after, tokens.size())
                .mapToObj(step -> tokens.get(step) - tokens.get(step - 1))
                .toList();
    }

    /** Tokens of the next sequences of the order, 8 a step. */
    private static List<Long> tokensFrom(TrainingOrder order, long position, int steps) {
        List<Long> tokens = new ArrayList<>();
        List<SequenceRef> sequences = order.from(position, 8 * steps).sequences();
        for (int step = 0; step < steps; step++) {
            tokens.add(sequences.subList(8 * step, 8 * step + 8).stream()
                    .mapToLong(sequence -> run.rows(
                                    plan.streams().get(sequence.stream()).name())
                            .get((int) sequence.row())
                            .nTok())
                    .sum());
        }
        return tokens;
    }

    /** Digest of each file of the run's own training. */
    private static Map<String, String> filesOfMain() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(layout.train())) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = layout.train().relativize(file).toString();
                if (!name.startsWith("branches")) {
                    files.put(
                            name,
                            new PayloadDigest().add(Files.readAllBytes(file)).hex());
                }
            }
        }
        return files;
    }

    @Test
    void aReplayIsItsParentBitForBit() throws IOException {
        Map<String, String> before = filesOfMain();
        PlanLease lease = PlanLease.read(layout.mixture()).orElseThrow();
        long tokens = state(Branch.MAIN, 10).tokens();
        Branch branch = rollBack(Branch.MAIN, tokens, Optional.empty(), "replay");
        assertThat(branch.isReplay()).isTrue();
        assertThat(branch.step()).isEqualTo(10);
        assertThat(lines("replay", "step")).isEqualTo(lines(Branch.MAIN, "step").subList(0, 10));
        assertThat(Branch.read(branches.folder("replay"))).isEqualTo(branch);
        TrainingSummary summary = stage().trainBranch("replay", Progress.SILENT);
        assertThat(summary.steps()).isEqualTo(STEPS);
        assertThat(lines("replay", "step"))
                .isEqualTo(lines(Branch.MAIN, "step"))
                .hasSize(STEPS);
        assertThat(lines("replay", "validation")).isEqualTo(lines(Branch.MAIN, "validation"));
        for (String file : List.of(ModelFolder.WEIGHTS, OptimizerFile.FILE_NAME, RunState.FILE_NAME)) {
            assertThat(checkpoint("replay", STEPS).resolve(file))
                    .hasSameBinaryContentAs(checkpoint(Branch.MAIN, STEPS).resolve(file));
        }
        assertThat(filesOfMain()).isEqualTo(before);
        assertThat(PlanLease.read(layout.mixture()))
                .as("the parent has read farther")
                .contains(lease);
        assertThat(stage().finished()).isPresent();
        // Trained to its end, it is not trained again.
        assertThat(stage().trainBranch("replay", Progress.SILENT)).isEqualTo(summary);
    }

    /** Rows differ in length, so the tokens of each step tell which rows it read. */
    @Test
    void aSkipReadsExactlyWhatFollows() {
        RunState from = state(Branch.MAIN, 20);
        long to = from.position() + 21;
        Branch branch = rollBack(Branch.MAIN, from.tokens() + 1, Optional.of(to), "skip");
        assertThat(branch.fromPosition()).isEqualTo(from.position());
        assertThat(branch.toPosition()).isEqualTo(to);
        TrainingOrder order =
                new TrainingOrder(new SequenceOrder(plan), HeldOut.keeping(plan, 20, HeldOutFile.read(layout.train())));
        TrainingOrder.Span passed = order.from(from.position(), Math.toIntExact(branch.skippedSequences()));
        assertThat(passed.next()).isLessThanOrEqualTo(to);
        assertThat(order.from(passed.next(), 1).next()).isGreaterThan(to);
        stage().trainBranch("skip", Progress.SILENT);
        assertThat(state("skip", STEPS).position())
                .isEqualTo(order.from(to, 8 * (STEPS - 20)).next());
        List<String> losses = lines("skip", "step");
        assertThat(losses.subList(0, 20)).isEqualTo(lines(Branch.MAIN, "step").subList(0, 20));
        assertThat(losses.get(20)).isNotEqualTo(lines(Branch.MAIN, "step").get(20));
        assertThat(PlanLease.read(layout.mixture()).orElseThrow().position())
                .as("a change of the mixture leaves alone what the branch has read")
                .isEqualTo(state("skip", STEPS).position());
        assertThat(tokensOfSteps("skip", 20)).isEqualTo(tokensFrom(order, to, STEPS - 20));
        assertThat(tokensOfSteps(Branch.MAIN, 20))
                .isEqualTo(tokensFrom(order, from.position(), STEPS - 20))
                .isNotEqualTo(tokensOfSteps("skip", 20));
        // A branch of a branch, from its end: nothing but the tree changes.
        rollBack("skip", Long.MAX_VALUE, Optional.empty(), "skip-more");
        assertThat(branches.require("skip-more").skippedSequences()).isEqualTo(branch.skippedSequences());
        assertThat(branches.tree())
                .startsWith("main; is at step 24 (")
                .containsPattern("\n  skip: of step 20 \\([0-9,]+ tokens\\), skips positions %d..%d; is at step 24"
                        .formatted(from.position(), to - 1))
                .containsPattern("\n    skip-more: of step 24 \\([0-9,]+ tokens\\), replays from position");
    }

    @Test
    void whatCannotBeGoneBackToIsSaid() throws IOException {
        RunState first = state(Branch.MAIN, 10);
        assertThatThrownBy(() -> rollBack(Branch.MAIN, first.tokens() - 1, Optional.empty(), "early"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("80-train: --to %d: no checkpoint of so few tokens; the first has %d (step 10);"
                        .formatted(first.tokens() - 1, first.tokens()));
        assertThatThrownBy(() -> rollBack("nowhere", 1, Optional.empty(), "orphan"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("80-train/branches: no branch 'nowhere'; there are ")
                .hasMessageEndingWith("'rollback' makes one");
        assertThatThrownBy(() -> stage().trainBranch("nowhere", Progress.SILENT))
                .hasMessageContaining("no branch 'nowhere'");
        for (long position : new long[] {first.position(), plan.totalSequences()}) {
            assertThatThrownBy(() -> rollBack(Branch.MAIN, first.tokens(), Optional.of(position), "astray"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "--skip-to = %d: must be a position after %d, where step 10 stands, and before %d, where the plan ends"
                                    .formatted(position, first.position(), plan.totalSequences()));
        }
        for (String name : List.of("main", "../out", "Upper", "")) {
            assertThatThrownBy(() -> rollBack(Branch.MAIN, first.tokens(), Optional.empty(), name))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("branch: name = %s: must be 1 to 63 of a-z".formatted(name));
        }
        rollBack(Branch.MAIN, first.tokens(), Optional.empty(), "taken");
        assertThatThrownBy(() -> rollBack(Branch.MAIN, first.tokens(), Optional.empty(), "taken"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith(
                        "80-train/branches/taken: the name is taken; say another --name, or delete this folder");
        assertThatThrownBy(() -> stage(STEPS + 1).trainBranch("taken", Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("branches/taken/branch.json: config_digest = ")
                .hasMessageEndingWith("or make another branch with 'rollback'");
        TrainStage otherSeed =
                new TrainStage(layout, TrainSettings.keepingLogSpaced(STEPS, Backend.REFERENCE), SeedStream.of(6));
        assertThatThrownBy(() -> otherSeed.rollBack(
                        new Rollback(Branch.MAIN, first.tokens(), Optional.empty(), Optional.empty()), NOON))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000010/run_state.json: seed = ");
        try (Stream<Path> made = Files.list(layout.train().resolve("branches"))) {
            assertThat(made).noneMatch(path -> path.getFileName().toString().startsWith("."));
        }
    }

    @Test
    void aBranchWhoseParentIsDeletedIsStillListed() throws IOException {
        Branches few = new Branches(folder.resolve("few"));
        for (String[] names : new String[][] {{"child", "gone"}, {"grandchild", "child"}}) {
            new Branch(names[0], names[1], 20, 3_000, 160, 160, 0, "plan", "settings", NOON.toString(), "0.1.0")
                    .write(few.folder(names[0]));
        }
        assertThat(few.tree()).isEqualTo("""
                        main; has no checkpoint
                        gone; has been deleted
                          child: of step 20 (3,000 tokens), replays from position 160; has no checkpoint
                            grandchild: of step 20 (3,000 tokens), replays from position 160; has no checkpoint
                        """);
    }

    @Test
    void aRecordThatIsNotTheFoldersIsNamed() throws IOException {
        Branches moved = new Branches(folder.resolve("moved"));
        Path record = moved.folder("new").resolve(Branch.FILE_NAME);
        new Branch("old", Branch.MAIN, 20, 3_000, 160, 160, 0, "plan", "settings", NOON.toString(), "0.1.0")
                .write(moved.folder("new"));
        assertThatThrownBy(moved::tree)
                .isInstanceOf(DataException.class)
                .hasMessage(record + ": name = old: must be that of the folder; give it its name again");
        Files.writeString(record, Files.readString(record).replace("160", "-1"));
        assertThatThrownBy(moved::tree)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("branch.json: not the record of a branch (branch old: step 20")
                .hasMessageEndingWith("restore it, or delete the folder to be without the branch");
    }

    @Test
    void aPlanThatReadsDifferentlyIsRefused() throws IOException {
        RunLayout other = new RunLayout(folder.resolve("replanned"));
        TestRun.write(other, 30_000);
        TrainStage stage = new TrainStage(other, TrainSettings.of(12, Backend.REFERENCE), SEED);
        stage.ensure(Progress.SILENT);
        Rollback rollback = new Rollback(Branch.MAIN, Long.MAX_VALUE, Optional.empty(), Optional.of("b"));
        stage.rollBack(rollback, NOON);
        PlanFile.write(other.mixture().resolve(MixturePlan.FILE_NAME), TestRun.changed(plan, 1, "0.75", "0.25"));
        assertThatThrownBy(() -> stage.rollBack(rollback, NOON))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000012/run_state.json: planDigest = " + plan.digest())
                .hasMessageEndingWith("'mixture revert' brings an earlier one back");
        assertThatThrownBy(() -> stage.trainBranch("b", Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("branches/b/branch.json: plan_digest = " + plan.digest());
    }
}
