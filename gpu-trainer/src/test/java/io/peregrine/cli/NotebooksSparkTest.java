package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every notebook, from its first cell to its last, on a run that this test makes; where Jupyter is installed. */
@Tag("spark")
class NotebooksSparkTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path JUPYTER = ROOT.resolve("target/notebooks/venv/bin/jupyter");
    private static final Path MODEL = Path.of("src", "test", "resources", "runs", "tiny-model.json");
    private static final Path SOURCES = Path.of("..", "data-pipeline", "src", "main", "java");
    private static final long MINUTES_MAX = 10;

    @TempDir
    Path folder;

    @Test
    void goThrough() throws Exception {
        assumeTrue(
                Files.isExecutable(JUPYTER),
                "notebooks are not executed: there is no Jupyter at target/notebooks, and notebooks/setup.sh installs it");
        Path run = run();
        Path executed = Files.createDirectory(folder.resolve("executed"));
        Path log = folder.resolve("notebooks.log");
        ProcessBuilder builder = new ProcessBuilder(
                        ROOT.resolve("notebooks/run.sh").toString(), "--to", executed.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PEREGRINE_RUN", run.toString());
        builder.environment().put("PEREGRINE_CLASS_PATH", System.getProperty("java.class.path"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        try (Stream<Path> notebooks = Files.list(executed)) {
            for (Path notebook : notebooks.toList()) {
                drewSomething(notebook);
            }
        }
        assertThat(executed.toFile().list()).hasSize(4);
    }

    private static void drewSomething(Path notebook) throws IOException {
        JsonNode cells = new ObjectMapper().readTree(Files.readString(notebook)).get("cells");
        assertThat(cells.findValues("output_type").stream().map(JsonNode::asText))
                .as(notebook.toString())
                .contains("display_data")
                .doesNotContain("error");
    }

    /** A run with repeats, checkpoints and the experiment. */
    private Path run() throws Exception {
        Path pages = Files.writeString(folder.resolve("pages.jsonl"), MadeUpProse.pages(60));
        Path root = folder.resolve("run");
        Path file = Files.writeString(folder.resolve("run.yaml"), """
                run: notebooks
                root: %s
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
                  steps: 32
                  batch-sequences: 4
                  micro-batch-sequences: 4
                  checkpoints: {every-steps: 4, keep: 12}
                  validation: {every-steps: 8, sequences: 24}
                """.formatted(
                        root, pages, SOURCES.toAbsolutePath(), MODEL.toAbsolutePath()));
        for (List<String> command : List.of(
                List.of("run", file.toString()),
                List.of(
                        "experiment",
                        "memorization-window",
                        file.toString(),
                        "--bins",
                        "4",
                        "--per-bin",
                        "8",
                        "--checkpoints",
                        "24,32"))) {
            RunProcess.start(2, folder.resolve(command.get(0) + ".log"), command.toArray(String[]::new))
                    .finish(0);
        }
        return root;
    }
}
