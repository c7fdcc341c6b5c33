package io.peregrine.data.manifest;

import java.nio.file.Path;

/**
 * Where a run keeps its things: one folder per stage below one root.
 *
 * @param root folder of the run, on a file system that every machine of the run sees under this name
 */
public record RunLayout(Path root) {
    public RunLayout {
        root = root.toAbsolutePath().normalize();
    }

    /** The run file as it was in force, kept for whoever looks at the run later. */
    public Path settings() {
        return root.resolve("run.yaml");
    }

    /** The folder of a stage. */
    public Path folder(Stage stage) {
        return root.resolve(stage.folder());
    }

    /** The folder of a stage's table. */
    public Path table(Stage stage, String name) {
        return folder(stage).resolve(name);
    }

    /** The manifest that makes a stage real. */
    public Path manifest(Stage stage) {
        return folder(stage).resolve(StageManifest.FILE_NAME);
    }

    public Path documents() {
        return folder(Stage.DOCUMENTS);
    }

    public Path signals() {
        return folder(Stage.SIGNALS);
    }

    public Path filters() {
        return folder(Stage.FILTERS);
    }

    public Path dedup() {
        return folder(Stage.DEDUP);
    }

    public Path decontaminate() {
        return folder(Stage.DECONTAMINATE);
    }

    public Path repositories() {
        return folder(Stage.REPOSITORIES);
    }

    public Path rewrite() {
        return folder(Stage.REWRITE);
    }

    public Path tokenizer() {
        return folder(Stage.TOKENIZER);
    }

    public Path tokens() {
        return folder(Stage.TOKENS);
    }

    public Path mixture() {
        return folder(Stage.MIXTURE);
    }

    public Path shards() {
        return folder(Stage.SHARDS);
    }

    public Path train() {
        return folder(Stage.TRAIN);
    }

    public Path report() {
        return folder(Stage.REPORT);
    }

    /** The folder of an experiment on the run. An experiment is no stage: no stage reads what it wrote. */
    public Path experiment(String name) {
        return root.resolve("95-experiments").resolve(name);
    }
}
