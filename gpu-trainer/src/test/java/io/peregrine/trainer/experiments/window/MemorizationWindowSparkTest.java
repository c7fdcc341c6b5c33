package io.peregrine.trainer.experiments.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import io.peregrine.trainer.train.TrainedRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run of 32 steps of 4 sequences, with a checkpoint every 4 steps. */
@Tag("spark")
final class MemorizationWindowSparkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STEPS = 32;
    private static final String[] SIZES = {"--bins", "5", "--per-bin", "12", "--checkpoints", "24,32"};

    @TempDir
    static Path folder;

    private static RunLayout layout;
    private static Path runFile;

    @BeforeAll
    static void train() throws IOException {
        layout = new RunLayout(folder.resolve("run"));
        TestRun.write(layout, 30_000);
        runFile = runFile("run", 0.01);
        train(runFile);
    }

    private static Path runFile(String name, double learningRate) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                run: %s
                root: %s
                seed: 5
                train:
                  model: %s
                  steps: %d
                  batch-sequences: 4
                  micro-batch-sequences: 4
                  learning-rate: %s
                  weight-decay: 0.1
                  threads: 2
                  validation: {every-steps: 0, sequences: 30}
                  checkpoints: {every-steps: 4, keep: 100}
                """.formatted(
                        name, folder.resolve(name), TrainSettings.MODEL, STEPS, learningRate));
    }

    private static void train(Path file) {
        RunFile run = RunFile.open(file);
        new TrainStage(run.layout(), run.section("train", TrainConfig.class), run.seed()).ensure(Progress.SILENT);
    }

    private static String experiment(Path file, String... options) {
        StringWriter out = new StringWriter();
        AtomicReference<Exception> failure = new AtomicReference<>();
        CommandLine command = new CommandLine(new ExperimentCommand())
                .setOut(new PrintWriter(out, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    failure.set(e);
                    return 1;
                });
        command.execute(Stream.concat(Stream.of("memorization-window", file.toString()), Stream.of(options))
                .toArray(String[]::new));
        if (failure.get() instanceof RuntimeException e) {
            throw e;
        }
        assertThat(failure.get()).isNull();
        return out.toString();
    }

    private static Path result(RunLayout of, String name) {
        return of.experiment("memorization-window").resolve(name);
    }

    private static JsonNode results(RunLayout of) throws IOException {
        return JSON.readTree(Files.readString(result(of, "results.json")));
    }

    private static JsonNode window(JsonNode results, String source, int step) {
        for (JsonNode window : results.path("windows")) {
            if (window.path("source").asText().equals(source)
                    && window.path("step").asInt() == step) {
                return window;
            }
        }
        throw new AssertionError("no window of " + source);
    }

    /** The same run under another root, to be damaged. */
    private static Path copy(String name) throws IOException {
        RunLayout target = new RunLayout(folder.resolve(name));
        try (Stream<Path> files = Files.walk(layout.root())) {
            for (Path file : files.toList()) {
                Path to = target.root().resolve(layout.root().relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return runFile(name, 0.01);
    }

    @Test
    void theWholeCommandAndNothingMeasuredTwice() throws IOException {
        String first = experiment(runFile, SIZES);
        assertThat(first)
                .containsPattern("code +32 ")
                .containsPattern("\\(all\\) +24 ")
                .contains("losses measured now");
        assertThat(first).doesNotContain("\n0 losses measured now");
        JsonNode results = results(layout);
        JsonNode all = window(results, "(all)", STEPS);
        assertThat(all.path("points")).isNotEmpty();
        assertThat(all.path("points").size() + all.path("empty").size()).isEqualTo(5);
        assertThat(all.path("controls").asInt())
                .isEqualTo(window(results, "code", STEPS).path("controls").asInt()
                        + window(results, "web", STEPS).path("controls").asInt());
        assertThat(results.path("checkpoints")).hasSize(2);
        // 4 sequences a step, over 0.01 * 0.1.
        JsonNode last = results.path("checkpoints").get(1);
        assertThat(last.path("predictedTokens").asDouble())
                .isCloseTo(
                        last.path("batchTokens").asDouble()
                                / last.path("etaLambda").asDouble(),
                        within(1e-6));
        assertThat(Files.readString(result(layout, "report.html"))).contains("drawComparison", "memorization window");
        assertThat(Files.readString(result(layout, "caps.yaml")))
                .contains("# code: ", "# web: ", "\nmixture:\n  streams:");
        assertThat(Files.readAllLines(result(layout, "gaps.jsonl"))).hasSize(2 * 3 * 5);

        byte[] before = Files.readAllBytes(result(layout, "results.json"));
        assertThat(experiment(runFile, SIZES)).contains("\n0 losses measured now");
        assertThat(Files.readAllBytes(result(layout, "results.json"))).isEqualTo(before);

        // A process that was killed in the middle of a line: that line is measured again, and nothing else.
        Path losses;
        try (Stream<Path> files = Files.list(result(layout, "losses"))) {
            losses = files.sorted().toList().get(0);
        }
        String text = Files.readString(losses);
        Files.writeString(losses, text.substring(0, text.length() - 9));
        assertThat(experiment(runFile, SIZES)).contains("\n1 losses measured now");
        assertThat(Files.readString(losses)).isEqualTo(text);
        assertThat(Files.readAllBytes(result(layout, "results.json"))).isEqualTo(before);
    }

    /** The gap of a bin from the losses on disk and the plan, without the classes that select and estimate. */
    @Test
    void aGapIsWhatTheLossesOnDiskSay() throws IOException {
        Path file = copy("by-hand");
        experiment(file, "--source", "web", "--bins", "200,400,1200", "--per-bin", "1000", "--checkpoints", "32");
        RunLayout copy = new RunLayout(folder.resolve("by-hand"));
        RunFile run = RunFile.open(file);
        TrainedRun trained = TrainedRun.open(copy, run.section("train", TrainConfig.class), run.seed());
        int web = 1;
        Map<Long, Integer> stepOf = new HashMap<>();
        SequenceOrder order = new SequenceOrder(trained.plan());
        int read = 0;
        for (long position = 0; read < 4 * STEPS; position++) {
            SequenceRef at = order.at(position);
            if (!trained.heldOut().contains(at.stream(), at.row())) {
                if (at.stream() == web) {
                    assertThat(stepOf.put(at.row(), read / 4 + 1))
                            .as("web is seen once")
                            .isNull();
                }
                read++;
            }
        }
        Map<Integer, Map<Long, double[]>> losses = losses(copy);
        double perSequence = results(copy).path("tokensPerSequence").asDouble();
        double[] sums = new double[3];
        int[] counts = new int[3];
        for (Map.Entry<Long, Integer> seen : stepOf.entrySet()) {
            long age = 4L * (STEPS - seen.getValue() + 1);
            int baseline = (seen.getValue() - 1) / 4 * 4;
            if (age >= Math.round(400 / perSequence) && age < Math.round(1200 / perSequence) && baseline > 0) {
                sums[0] += drop(losses, baseline, seen.getKey())
                        - controls(losses, baseline, stepOf, length(losses, seen.getKey()));
                counts[0]++;
            }
        }
        JsonNode point = window(results(copy), "web", STEPS).path("points").get(1);
        assertThat(counts[0])
                .isGreaterThan(20)
                .isEqualTo(point.path("sequences").asInt());
        assertThat(point.path("gap").asDouble()).isCloseTo(sums[0] / counts[0], within(1e-12));
    }

    private static Map<Integer, Map<Long, double[]>> losses(RunLayout of) throws IOException {
        Map<Integer, Map<Long, double[]>> losses = new HashMap<>();
        try (Stream<Path> files = Files.list(result(of, "losses"))) {
            for (Path file : files.toList()) {
                int step = Integer.parseInt(file.getFileName().toString().substring(5, 11));
                for (String line : Files.readAllLines(file)) {
                    JsonNode loss = JSON.readTree(line);
                    losses.computeIfAbsent(step, it -> new HashMap<>())
                            .put(loss.path("row").asLong(), new double[] {
                                loss.path("nats").asDouble(),
                                loss.path("predictions").asDouble()
                            });
                }
            }
        }
        return losses;
    }

    private static double drop(Map<Integer, Map<Long, double[]>> losses, int baseline, long row) {
        double[] before = losses.get(baseline).get(row);
        double[] after = losses.get(STEPS).get(row);
        return (before[0] - after[0]) / after[1];
    }

    private static int length(Map<Integer, Map<Long, double[]>> losses, long row) {
        return (int) Math.floor(2 * Math.log(losses.get(STEPS).get(row)[1]) / Math.log(2));
    }

    private static double controls(
            Map<Integer, Map<Long, double[]>> losses, int baseline, Map<Long, Integer> seen, int length) {
        List<Double> drops = new ArrayList<>();
        for (long row : losses.get(STEPS).keySet()) {
            if (!seen.containsKey(row) && length(losses, row) == length) {
                drops.add(drop(losses, baseline, row));
            }
        }
        return drops.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @Test
    void aLossIsThatOfTheSequenceAlone() {
        RunFile run = RunFile.open(runFile);
        TrainedRun trained = TrainedRun.open(layout, run.section("train", TrainConfig.class), run.seed());
        ShardStreams streams =
                ShardStreams.open(layout, trained.plan(), trained.model().vocabSize(), 1 << 20);
        List<SequenceRef> several =
                List.of(new SequenceRef(0, 0, 3), new SequenceRef(1, 0, 10), new SequenceRef(1, 0, 2));
        try (Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.defaultDType(), 1)) {
            FalconH1Model model = ModelFolder.load(trained.checkpoints().get(0).folder(), ops);
            for (int i = 0; i < several.size(); i++) {
                LossSum alone = model.loss(streams.read(List.of(several.get(i))));
                LossSum beside = model.losses(streams.read(several)).get(i);
                assertThat(beside.nats()).isCloseTo(alone.nats(), within(1e-9));
                assertThat(beside.predictions()).isEqualTo(alone.predictions());
            }
        }
    }

    @Test
    void whatIsAskedForAndNotThereIsSaid() {
        assertThatThrownBy(() -> experiment(runFile, "--checkpoints", "30"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--checkpoints = 30: no checkpoint of this step; there are [4, 8, 12, 16, 20, 24, 28, 32]");
        assertThatThrownBy(() -> experiment(runFile, "--checkpoints", "4"))
                .hasMessageStartingWith("--checkpoints = 4: the first checkpoint has none before it to compare with");
        assertThatThrownBy(() -> experiment(runFile, "--source", "web,books"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--source = books: must be a stream that the plan has: [code, web]");
        assertThatThrownBy(() -> experiment(runFile, "--bins", "200,1000000"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--bins = 1000000: step 32 has trained on 2")
                .hasMessageContaining(" tokens since the first checkpoint, at step 4: ages beyond these have nothing");
        assertThatThrownBy(() -> experiment(runFile, "--per-bin", "1"))
                .hasMessage("--per-bin = 1: must be 2..100000 sequences");
        assertThatThrownBy(() -> experiment(runFile, "--eps", "NaN"))
                .hasMessage("--eps = NaN: must be > 0 nats per token");
        assertThatThrownBy(() -> experiment(runFile, "--set", "train.learning-rate=0.02"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000004/run_state.json: configDigest = ")
                .hasMessageEndingWith("give those it was trained with, --set included");
        assertThatThrownBy(() -> experiment(
                        runFile, "--compare", folder.resolve("nowhere.yaml").toString()))
                .isInstanceOf(DataException.class);
    }

    @Test
    void checkpointsOfAnotherPlanAreRefused() throws IOException {
        Path file = copy("replanned");
        RunLayout copy = new RunLayout(folder.resolve("replanned"));
        Path planFile = copy.mixture().resolve(MixturePlan.FILE_NAME);
        PlanFile.write(planFile, TestRun.changed(PlanFile.read(planFile), 1, "0.75", "0.25"));
        assertThatThrownBy(() -> experiment(file, SIZES))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000020/run_state.json: planDigest = ")
                .hasMessageContaining(": the checkpoint was trained on another plan than the one in force (");
    }

    @Test
    void aLossThatIsNotANumberIsNeverAveraged() throws IOException {
        Path file = copy("broken");
        RunLayout copy = new RunLayout(folder.resolve("broken"));
        Checkpoints checkpoints = new Checkpoints(copy.train().resolve(Checkpoints.FOLDER));
        Checkpoint last = checkpoints.latest().orElseThrow();
        Path kept = Files.createDirectory(folder.resolve("payload"));
        last.copyPayload(kept);
        try (Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.fastDType(), 1)) {
            FalconH1Model model = ModelFolder.load(kept, ops);
            model.parameters().get("model.final_layernorm.weight").value().fill(Float.NaN);
            ModelFolder.write(kept, model);
        }
        RunState state = last.state();
        checkpoints.write(state, empty -> {
            try (Stream<Path> files = Files.list(kept)) {
                for (Path from : files.toList()) {
                    Files.copy(from, empty.resolve(from.getFileName()));
                }
            }
        });
        assertThatThrownBy(() -> experiment(file, "--checkpoints", "32"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("step-000032: the loss of row ")
                .hasMessageEndingWith(
                        "is NaN: the model is broken; leave the checkpoint out with --checkpoints, or delete it");
        assertThat(experiment(file, "--checkpoints", "28", "--bins", "3")).contains("losses measured now");
    }

    @Test
    void emptyBinsAreReportedAsSuch() throws IOException {
        Path file = copy("few");
        // Ages of less than a step: nothing is so young.
        assertThatThrownBy(() -> experiment(file, "--bins", "24,48", "--checkpoints", "32"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--source = [code, web]: no sequence of these was seen exactly once");
        String text = experiment(file, "--bins", "24,48,1200", "--per-bin", "2", "--checkpoints", "8,32");
        assertThat(text).containsPattern("web +32 +1/2 ").doesNotContain("every bin is empty");
        JsonNode results = results(new RunLayout(folder.resolve("few")));
        JsonNode empty = window(results, "web", STEPS).path("empty");
        assertThat(empty).hasSize(1);
        assertThat(empty.get(0).path("bin").asInt()).isZero();
        assertThat(empty.get(0).path("reason").asText())
                .isEqualTo("no sequence of this age that was seen once and has controls");
        assertThat(Files.readString(result(new RunLayout(folder.resolve("few")), "gaps.jsonl")))
                .contains("\"reason\":\"no sequence of this age");
        // The eighth step has trained on 750 tokens in all.
        assertThat(experiment(file, "--bins", "1100,1500,2300", "--checkpoints", "8,32"))
                .containsPattern("web +8 +0/2 +0  every bin is empty +no fit")
                .containsPattern("web +32 +2/2 ");
    }

    @Test
    void runsAreComparedByWhatTheirOptimizersPredict() throws IOException {
        Path other = copy("other");
        experiment(other, SIZES);
        String text = experiment(
                runFile,
                Stream.concat(Stream.of(SIZES), Stream.of("--compare", other.toString()))
                        .toArray(String[]::new));
        assertThat(text)
                .containsPattern("\nrun +0\\.0100 +0\\.100 +0\\.0292 +109,")
                .containsPattern("\nother +0\\.0100 +0\\.100 +0\\.0292 +109,")
                .contains("windows: fewer than two runs with one, of different predictions");
        assertThat(JSON.readTree(Files.readString(result(layout, "comparison.json")))
                        .path("rows"))
                .hasSize(2);
    }
}
