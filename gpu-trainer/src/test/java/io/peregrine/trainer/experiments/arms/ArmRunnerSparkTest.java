package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.trainer.experiments.ExperimentRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arms of six steps on a run's shards. */
@Tag("spark")
final class ArmRunnerSparkTest {
    @TempDir
    static Path folder;

    private static Path runFile;

    @BeforeAll
    static void write() {
        runFile = ExperimentRun.write(folder.resolve("run"));
    }

    private static Choice choice(String name, Map<String, JsonNode> set) {
        return new Choice(name, Optional.empty(), set, Map.of(), Optional.empty());
    }

    private static Experiment experiment(String name, List<Long> seeds, Choice... choices) {
        ExperimentConfig config = new ExperimentConfig(
                name,
                "",
                runFile.toString(),
                Map.of(),
                ExperimentConfig.MultiplierRule.KEEP,
                seeds,
                Map.of(),
                List.of(new Axis("what", List.of(choices))),
                Map.of());
        return new Experiment(config, ExperimentConfig.SMALL, runFile, Map.of());
    }

    private static List<ArmResult> run(Experiment experiment, Progress progress, List<String> told) {
        return new ArmRunner(experiment, ArmOrder.planned(), false).run(progress, told::add);
    }

    private static List<ArmResult> run(Experiment experiment) {
        return run(experiment, Progress.SILENT, new ArrayList<>());
    }

    /** What is the same whenever the arm is trained: all but its name and its speed. */
    private static List<Object> numbers(ArmResult result) {
        TrainedArm trained = result.trained().orElseThrow();
        return List.of(result.seed(), trained.curve(), trained.heldOut(), trained.norms(), trained.tokens());
    }

    @Test
    void equalArmsHaveEqualNumbersAndSeedsOthers() {
        Experiment experiment = experiment("equal", List.of(1L, 2L), choice("one", Map.of()), choice("two", Map.of()));
        List<ArmResult> results = run(experiment);
        assertThat(results).extracting(ArmResult::arm).containsExactly("one", "one", "two", "two");
        assertThat(numbers(results.get(2))).isEqualTo(numbers(results.get(0)));
        assertThat(numbers(results.get(3))).isEqualTo(numbers(results.get(1)));
        assertThat(results.get(1).trained().orElseThrow().curve())
                .isNotEqualTo(results.get(0).trained().orElseThrow().curve());
        Comparison comparison = Comparison.of(results);
        assertThat(comparison.streams()).containsExactly("code", "web");
        Comparison.Outcome two = comparison.arms().get(1).outcome().orElseThrow();
        assertThat(two.difference())
                .contains(new Interval(0, 0, 0, two.heldOut().count()));
        assertThat(two.seedDifference()).contains(new Interval(0, 0, 0, 2));
        Path root = folder.resolve("run");
        assertThat(root.resolve("80-train")).doesNotExist();
        assertThat(PlanLease.read(root.resolve("60-mixture"))).isEmpty();
    }

    @Test
    void whatIsFinishedIsNotTrainedAgainUntilItsSettingsChange() throws IOException {
        Experiment experiment = experiment("again", List.of(1L), choice("only", Map.of()));
        List<ArmResult> first = run(experiment);
        Path metrics = experiment.folder().resolve("arms/only/seed-1/metrics.jsonl");
        Files.writeString(metrics, "not touched");
        List<String> told = new ArrayList<>();
        assertThat(run(experiment, Progress.SILENT, told)).isEqualTo(first);
        assertThat(told).singleElement().asString().endsWith("(finished before)");
        assertThat(metrics).hasContent("not touched");
        assertThat(metrics.resolveSibling("checkpoints")).doesNotExist();

        Experiment changed =
                experiment("again", List.of(1L), choice("only", Map.of("train.steps", IntNode.valueOf(3))));
        assertThat(run(changed).get(0).trained().orElseThrow().steps()).isEqualTo(3);
        assertThat(experiment.folder().resolve("arms/only/seed-1.superseded-1/metrics.jsonl"))
                .hasContent("not touched");
    }

    @Test
    void anArmThatWasKilledGoesOnFromItsCheckpoint() {
        Choice plain = choice("only", Map.of());
        List<ArmResult> whole = run(experiment("whole", List.of(1L), plain));
        Experiment killed = experiment("killed", List.of(1L), plain);
        Steps until5 = new Steps(5);
        assertThatThrownBy(() -> run(killed, until5, new ArrayList<>()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("killed");
        Steps toTheEnd = new Steps(Integer.MAX_VALUE);
        List<ArmResult> resumed = run(killed, toTheEnd, new ArrayList<>());
        assertThat(numbers(resumed.get(0))).isEqualTo(numbers(whole.get(0)));
        assertThat(toTheEnd.done).as("steps after the checkpoint of step 4").isEqualTo(2);
    }

    /** Progress that throws at a step, as a process that is killed stops there. */
    private static final class Steps implements Progress {
        private final int killAt;
        private int done;

        Steps(int killAt) {
            this.killAt = killAt;
        }

        @Override
        public Task task(String name, String unit, long total) {
            return new Task() {
                @Override
                public void advance(long tokens) {
                    done++;
                    if (done == killAt) {
                        throw new IllegalStateException("killed");
                    }
                }

                @Override
                public void say(String note) {}

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void anArmThatDivergesIsAResult() {
        Choice mad = choice(
                "mad",
                Map.of(
                        "train.learning-rate", DecimalNode.valueOf(new BigDecimal("1e25")),
                        "train.warmup-tokens", IntNode.valueOf(0)));
        List<ArmResult> results = run(experiment("diverging", List.of(1L), choice("sane", Map.of()), mad));
        assertThat(results.get(1).divergence()).isPresent();
        assertThat(results.get(1).divergence().get()).contains("training has diverged");
        assertThat(run(experiment("diverging", List.of(1L), choice("sane", Map.of()), mad)))
                .isEqualTo(results);
        String text = ComparisonText.of(Comparison.of(results));
        assertThat(text).contains("| mad | | | diverged in 1 of 1 seeds |");
    }

    @Test
    void anArmMayHaveAMixtureOfItsOwn() {
        Choice code = choice(
                "code",
                Map.of(
                        "mixture.streams.code.weight", DecimalNode.valueOf(new BigDecimal("0.75")),
                        "mixture.streams.web.weight", DecimalNode.valueOf(new BigDecimal("0.25"))));
        List<ArmResult> results = run(experiment("mixed", List.of(1L), choice("web", Map.of()), code));
        Map<String, Interval> difference =
                Comparison.of(results).arms().get(1).outcome().orElseThrow().streamDifferences();
        assertThat(difference.get("code").mean())
                .as("code is learned better where there is more of it")
                .isLessThan(difference.get("web").mean());
    }

    @Test
    void whatIsWrongIsSaidBeforeAnyArmIsTrained() {
        Choice heads = new Choice(
                "three-heads",
                Optional.empty(),
                Map.of(),
                Map.of("mamba_n_heads", IntNode.valueOf(3)),
                Optional.empty());
        Experiment experiment = experiment("wrong", List.of(1L), choice("right", Map.of()), heads);
        assertThatThrownBy(() -> run(experiment))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("mamba_n_heads = 3: must satisfy")
                .hasMessageContaining("arm three-heads");
        assertThat(experiment.folder().resolve("arms/right/seed-1")).doesNotExist();

        Experiment blind =
                new Experiment(experiment.config(), "small", runFile, Map.of("train.validation.sequences", "0"));
        assertThatThrownBy(() -> run(blind))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.validation.sequences = 0: holds nothing out of the plan's streams, and arms are"
                        + " compared on what is held out; give more");
    }

    @Test
    void anOrderOfItsOwnIsThatOfTheSeedAlone() {
        MixturePlan plan = io.peregrine.mixture.plan.PlanFile.read(
                folder.resolve("run/60-mixture").resolve(MixturePlan.FILE_NAME));
        assertThat(ArmOrder.ordered(plan, 1).digest())
                .isEqualTo(ArmOrder.ordered(plan, 1).digest())
                .isNotEqualTo(ArmOrder.ordered(plan, 2).digest());
        assertThat(ArmOrder.ordered(plan, 1).counts()).isEqualTo(plan.counts());
    }
}
