package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data stages by plain {@code spark-submit} on a standalone cluster of two workers, which lose an executor in the pass
 * over the texts and one while dedup writes signatures.
 */
@Tag("spark")
class StandaloneClusterSparkTest {
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
        Files.writeString(pages, MadeUpProse.pages(200) + MadeUpProse.pages(20) + "{\"text\": broken\n");
        runFile = Files.writeString(
                folder.resolve("run.yaml"), """
                run: on a cluster
                root: none
                seed: 7
                sources:
                  - {name: pages, kind: jsonl, domain: web, licence: none, language: en, paths: [%s]}
                  - {name: code, kind: code-archive, domain: code, licence: Apache-2.0, paths: [%s]}
                filter: {english: {families: [language, text], profile: gopher}}
                mixture: {epochs: 1, streams: {web: {weight: 0.4}, code: {weight: 0.6}}}
                train: {model: %s, steps: 1}
                """.formatted(pages, SOURCES.toAbsolutePath(), MODEL.toAbsolutePath()));
    }

    @Test
    void twoWorkersThatLoseExecutorsGiveWhatOneProcessGives() throws Exception {
        Path here = folder.resolve("here");
        RunProcess.start(
                        2,
                        folder.resolve("here.log"),
                        "run",
                        runFile.toString(),
                        "--set",
                        "root=" + here,
                        "--until",
                        "dedup")
                .finish(0);

        Path there = folder.resolve("there");
        try (StandaloneCluster cluster = StandaloneCluster.start(folder.resolve("cluster"), 2)) {
            RunLayout layout = new RunLayout(there);
            Thread killer = cluster.killAnExecutorOnce(layout.manifest(Stage.DOCUMENTS));
            Thread killerInDedup =
                    cluster.killAnExecutorOnce(layout.dedup().resolve("scratch").resolve("signatures"));
            cluster.submit("submit", "run", runFile.toString(), "--set", "root=" + there, "--until", "dedup");
            killer.join();
            killerInDedup.join();
            // One for each worker, and one in place of each that was killed.
            assertThat(cluster.executors()).hasSizeGreaterThanOrEqualTo(4);
        }
        assertThat(digests(there)).isEqualTo(digests(here));
    }

    private static Map<String, String> digests(Path root) {
        Map<String, String> digests = new TreeMap<>();
        Arrays.stream(Stage.values())
                .filter(stage -> stage.compareTo(Stage.DEDUP) <= 0)
                .forEach(stage -> StageManifest.require(new RunLayout(root), stage)
                        .outputs()
                        .forEach((name, table) -> digests.put(stage.folder() + "/" + name, table.payloadDigest())));
        return digests;
    }
}
