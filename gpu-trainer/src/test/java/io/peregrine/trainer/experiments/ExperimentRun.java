package io.peregrine.trainer.experiments;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run with shards and a run file, for experiments on it. */
public final class ExperimentRun {
    private ExperimentRun() {}

    /**
     * Writes both.
     *
     * @param folder the run's root; the file lies beside it
     * @return the run file
     */
    public static Path write(Path folder) {
        TestRun.write(new RunLayout(folder), 30_000);
        Path file = folder.resolveSibling(folder.getFileName() + ".yaml");
        String yaml = """
                run: small
                root: %s
                seed: 5
                mixture:
                  sequence-length: 24
                  block-size-sequences: 64
                  total-tokens: 30000
                  shard-sequences: 16
                  window-sequences: 10
                  packing-group-documents: 1024
                  streams: {code: {weight: 0.25}, web: {weight: 0.75}}
                train:
                  model: %s
                  steps: 6
                  batch-sequences: 8
                  micro-batch-sequences: 4
                  learning-rate: 0.01
                  warmup-tokens: 384
                  backend: reference
                  threads: 2
                  validation: {every-steps: 0, sequences: 20}
                  checkpoints: {every-steps: 2, keep: 2}
                """.formatted(folder, TrainSettings.MODEL.toAbsolutePath());
        try {
            return Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
