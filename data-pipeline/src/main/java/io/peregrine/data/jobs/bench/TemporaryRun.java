package io.peregrine.data.jobs.bench;

import io.peregrine.data.DataException;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A run whose folder goes when it is closed. */
final class TemporaryRun implements AutoCloseable {
    private final Path folder;
    private final LazySpark spark;

    /** A run in a new folder inside this one. */
    TemporaryRun(Path parent, LazySpark spark) {
        try {
            this.folder = Files.createTempDirectory(Files.createDirectories(parent), "bench-");
        } catch (IOException e) {
            throw new DataException("%s: no folder can be made there: %s".formatted(parent, e), e);
        }
        this.spark = spark;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    RunLayout layout() {
        return new RunLayout(folder.resolve("run"));
    }

    StageManifest run(StageJob job) {
        return new StageRunner(spark, layout(), SeedStream.of(1), Progress.SILENT).ensure(job);
    }

    @Override
    public void close() {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be deleted, please do: %s".formatted(folder, e), e);
        }
    }
}
