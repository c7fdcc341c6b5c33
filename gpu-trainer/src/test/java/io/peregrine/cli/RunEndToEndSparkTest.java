package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.trainer.train.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole flow as its users run it, in processes of its own: from this project's own source files, and pages of made-up
 * prose, to a trained model and a report. The first run compiles its plans and the others interpret them.
 */
@Tag("spark")
class RunEndToEndSparkTest {
    /** Seventy files: up to the tokens a run's tables are of as many parts as with all five hundred. */
    private static final Path SOURCES =
            Path.of("..", "data-pipeline", "src", "main", "java", "io", "peregrine", "data", "jobs");

    private static final Path MODEL = Path.of("src", "test", "resources", "runs", "tiny-model.json");

    @TempDir
    Path folder;

    private Path runFile;

    @BeforeEach
    void corpus() throws IOException {
        Path pages = folder.resolve("pages.jsonl");
        Files.writeString(pages, MadeUpProse.pages(60) + "{\"text\": broken\n");
        runFile = Files.writeString(
                folder.resolve("run.yaml"), """
                run: end to end
                root: none
                seed: 7
                sources:
                  - {name: pages, kind: jsonl, domain: web, licence: none, language: en, paths: [%s]}
                  - {name: code, kind: code-archive, domain: code, licence: Apache-2.0, paths: [%s]}
                filter: {english: {families: [language, text], profile: gopher}}
                tokenizer: {vocab-size: 512, reserved-tokens: 16}
                mixture:
                  sequence-length: 128
                  block-size-sequences: 16
                  epochs: 1
                  shard-sequences: 64
                  streams:
                    web: {weight: 0.3}
                    rewritten-web: {weight: 0.1}
                    code: {weight: 0.6}
                train:
                  model: %s
                  steps: 12
                  batch-sequences: 4
                  micro-batch-sequences: 4
                  checkpoints: {every-steps: 4}
                  validation: {every-steps: 6, sequences: 4}
                """.formatted(pages, SOURCES.toAbsolutePath(), MODEL.toAbsolutePath()));
    }

    private RunProcess start(int cores, Path root) throws IOException {
        return RunProcess.start(
                cores, folder.resolve(root.getFileName() + ".log"), "run", runFile.toString(), "--set", "root=" + root);
    }

    private static Map<String, String> digests(Path root) {
        Map<String, String> digests = new TreeMap<>();
        Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.REPORT)
                .forEach(stage -> StageManifest.require(new RunLayout(root), stage)
                        .outputs()
                        .forEach((name, table) -> digests.put(stage.folder() + "/" + name, table.payloadDigest())));
        return digests;
    }

    /** Of steps and validations, in order; a checkpoint's line stands where its writing ended, which the clock decides. */
    private static List<Double> losses(Path root) {
        return MetricsLog.read(new RunLayout(root).train().resolve(MetricsLog.FILE_NAME)).stream()
                .filter(line -> line.has("loss"))
                .map(line -> line.path("loss").asDouble())
                .toList();
    }

    @Test
    void theSameWhateverTheCoresAndWhateverKillsIt() throws Exception {
        Path one = folder.resolve("one-core");
        String printed = RunProcess.startCompiling(
                        1, folder.resolve("one-core.log"), "run", runFile.toString(), "--set", "root=" + one)
                .finish(0);
        assertThat(printed).contains("report: " + one.resolve("90-report/report.html"));
        assertThat(losses(one)).hasSizeGreaterThanOrEqualTo(12);
        assertThat(StageManifest.require(new RunLayout(one), Stage.DOCUMENTS)
                        .output("rejected")
                        .rows())
                .isEqualTo(1);

        Path two = folder.resolve("two-cores-killed");
        RunLayout layout = new RunLayout(two);
        start(2, two).killOnce(layout.manifest(Stage.FILTERS));
        start(2, two).killOnce(layout.train().resolve("checkpoints").resolve("step-000004"));
        start(2, two).finish(0);
        assertThat(digests(two)).isEqualTo(digests(one));
        assertThat(losses(two)).isEqualTo(losses(one));

        Map<String, Long> versions = versions(two);
        assertThat(start(2, two).finish(0)).contains("10-documents: done before", "80-train: done before");
        assertThat(versions(two)).isEqualTo(versions);
    }

    private static Map<String, Long> versions(Path root) {
        Map<String, Long> versions = new TreeMap<>();
        Arrays.stream(Stage.values())
                .filter(stage -> stage != Stage.REPORT)
                .forEach(stage -> StageManifest.require(new RunLayout(root), stage)
                        .outputs()
                        .forEach((name, table) -> versions.put(stage.folder() + "/" + name, table.version())));
        return versions;
    }
}
