package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training inside a Spark task on the GPU that a standalone cluster gives to it, from the command line: what the driver would
 * train, also when the executor is lost on the way and Spark replaces it.
 *
 * <p>Root and model are named relative to the working directory, which is not the executors'.
 */
abstract class ClusterTrainingTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "runs", "tiny-model.json");

    /** Enough that a training is not over before a fault at its first checkpoint has come about. */
    private static final int STEPS = 240;

    private static final int CHECKPOINT_EVERY = 20;

    /** What the steps take of them. */
    private static final int PAGES = 160;

    private static final List<String> SMALL_TABLES =
            List.of("-Dspark.sql.shuffle.partitions=2", "-Dspark.databricks.delta.snapshotPartitions=1");

    private static final Pattern BEGINNING = Pattern.compile("begins after step (\\d+) of " + STEPS);

    /** What the driver's user is told at last of a training in an executor. */
    private static final Pattern SUMMARY =
            Pattern.compile("(?m)^train +[0-9,]+ tokens in .*, step \\d+ loss \\d+\\.\\d+ grad ");

    private static final String PLUGINS = "spark.plugins";

    @TempDir
    Path folder;

    /** Who computes, as run files spell it. */
    abstract String backend();

    /** Address of the GPU that the worker offers. */
    abstract String gpu();

    /** What happens to an executor. */
    abstract FaultOnce.Kind fault();

    @Test
    void theClusterTrainsWhatTheDriverDoesAlsoIfAnExecutorIsLost() throws Exception {
        Path driver = folder.resolve("driver");
        List<String> command = RunProcess.command(2, arguments(driver, "driver"));
        command.addAll(1, SMALL_TABLES);
        RunProcess.start(folder.resolve("driver.log"), command).finish(0);
        assertThat(steps(new RunLayout(driver).train().resolve(MetricsLog.FILE_NAME)))
                .hasSize(STEPS);

        try (StandaloneCluster cluster = StandaloneCluster.start(folder.resolve("cluster"), 1, List.of(gpu()))) {
            Path undisturbed = untrained(driver, "undisturbed");
            String told = submit(cluster, undisturbed, Map.of(PLUGINS, TaskWitness.class.getName()));
            assertThat(told).containsPattern(SUMMARY);
            assertThat(tasks(undisturbed)).containsExactly("executor 0, GPU [%s]".formatted(gpu()));
            assertThat(cluster.executors()).hasSize(1);
            assertThat(training(undisturbed)).isEqualTo(training(driver));

            Path disturbed = untrained(driver, "disturbed");
            Path train = new RunLayout(disturbed).train();
            String printed = submit(
                    cluster,
                    disturbed,
                    Map.of(
                            PLUGINS,
                            TaskWitness.class.getName() + "," + FaultOnce.class.getName(),
                            FaultOnce.TRAINING,
                            train.toString(),
                            FaultOnce.KIND,
                            fault().name()));
            assertThat(tasks(disturbed))
                    .containsExactly("executor 0, GPU [%s]".formatted(gpu()), "executor 1, GPU [%s]".formatted(gpu()));
            assertThat(cluster.executors()).hasSize(3);
            assertThat(cluster.workerLog(0)).contains("Command exited with code 20 exitStatus 20");
            assertThat(printed).contains("Command exited with code 20");
            assertThat(SUMMARY.matcher(printed).results())
                    .as("what the heartbeats had told of the lost executor, and what the second did: %s", printed)
                    .hasSize(2);
            assertThat(resumedAfter(cluster.executors())).isPositive().isLessThan(STEPS);
            assertThatItWentOn(train);
            assertThat(training(disturbed)).isEqualTo(training(driver));
        }
    }

    /** The step after which the second executor of a training began, as its log says. */
    private static int resumedAfter(List<Path> executors) throws IOException {
        Path second = executors.stream()
                .filter(path -> path.getParent().endsWith("1"))
                .findFirst()
                .orElseThrow();
        Matcher matcher = BEGINNING.matcher(Files.readString(second));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** No step up to the first checkpoint was done again: its line still says how long it once took. */
    private static void assertThatItWentOn(Path train) {
        List<JsonNode> before = steps(FaultOnce.metricsAtFault(train));
        List<JsonNode> after = steps(train.resolve(MetricsLog.FILE_NAME));
        assertThat(before).hasSizeBetween(CHECKPOINT_EVERY, STEPS - 1);
        assertThat(after).hasSize(STEPS);
        assertThat(after.subList(0, CHECKPOINT_EVERY)).isEqualTo(before.subList(0, CHECKPOINT_EVERY));
    }

    private String submit(StandaloneCluster cluster, Path root, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("spark.executor.resource.gpu.amount", "1");
        all.put("spark.task.resource.gpu.amount", "1");
        all.put("spark.executor.heartbeatInterval", "100ms");
        all.put(TaskWitness.FILE, tasksFile(root).toString());
        // Until the executor has come there is no room for the task, and Spark looks again after this.
        all.put("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
        return cluster.submit(root.getFileName().toString(), all, arguments(root, "executor"));
    }

    private String[] arguments(Path root, String place) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        return List.of(
                        "run",
                        runFile().toString(),
                        "--until",
                        "train",
                        "--set",
                        "root=" + here.relativize(root.toAbsolutePath()),
                        "--set",
                        "train.place=" + place)
                .toArray(String[]::new);
    }

    private Path runFile() throws IOException {
        Path pages = folder.resolve("pages.jsonl");
        if (!Files.exists(pages)) {
            Files.writeString(pages, MadeUpProse.pages(PAGES));
        }
        return Files.writeString(
                folder.resolve("run.yaml"), """
                run: on a cluster
                root: none
                seed: 7
                sources:
                  - {name: pages, kind: jsonl, domain: web, licence: none, language: en, paths: [%s]}
                filter: {english: {families: [text], profile: gopher}}
                rewrite: {domains: []}
                tokenizer: {vocab-size: 384, reserved-tokens: 16}
                mixture:
                  sequence-length: 32
                  block-size-sequences: 16
                  epochs: 1
                  shard-sequences: 256
                  streams: {web: {weight: 1}}
                train:
                  model: %s
                  steps: %d
                  batch-sequences: 4
                  micro-batch-sequences: 1
                  checkpoints: {every-steps: %d}
                  validation: {every-steps: 50, sequences: 4}
                  backend: %s
                """.formatted(pages, MODEL, STEPS, CHECKPOINT_EVERY, backend()));
    }

    /** Losses of all steps and validations, and digests of the manifest's model and the last checkpoint's files. */
    private record Training(List<Double> losses, String model, String lastCheckpoint) {}

    private static Training training(Path root) throws IOException {
        RunLayout layout = new RunLayout(root);
        String model =
                StageManifest.require(layout, Stage.TRAIN).output("model").payloadDigest();
        Checkpoint last = new Checkpoints(layout.train().resolve(Checkpoints.FOLDER))
                .latest()
                .orElseThrow();
        last.verify();
        // The marker holds every file's digest.
        return new Training(losses(root), model, Files.readString(last.folder().resolve(Checkpoint.MARKER)));
    }

    private static List<Double> losses(Path root) {
        List<Double> losses = new ArrayList<>();
        MetricsLog.read(new RunLayout(root).train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.has("loss"))
                .forEach(line -> losses.add(line.path("loss").asDouble()));
        return losses;
    }

    private static List<JsonNode> steps(Path metrics) {
        return MetricsLog.read(metrics).stream()
                .filter(line -> line.path("kind").asText().equals("step"))
                .toList();
    }

    private Path tasksFile(Path root) {
        return folder.resolve(root.getFileName() + ".tasks");
    }

    private List<String> tasks(Path root) throws IOException {
        return Files.readAllLines(tasksFile(root));
    }

    /** A copy of a run's folder as it was before training: a run may lie anywhere. */
    private Path untrained(Path root, String name) throws IOException {
        Path copy = folder.resolve(name);
        Path train = new RunLayout(root).train();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(path -> !path.startsWith(train)).toList()) {
                Files.copy(path, copy.resolve(root.relativize(path)));
            }
        }
        return copy;
    }
}
