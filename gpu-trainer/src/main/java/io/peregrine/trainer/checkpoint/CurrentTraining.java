package io.peregrine.trainer.checkpoint;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a run's training goes on: in its own folder {@code 80-train}, or, after a spike that it went back from by itself, in
 * that of a branch, which {@code 80-train/goes-on-in} then names. Checkpoints, metrics and summary of the run are those there.
 */
public final class CurrentTraining {
    private static final String FILE_NAME = "goes-on-in";

    private CurrentTraining() {}

    /**
     * The folder in which the training of a run goes on.
     *
     * @param trainFolder of the run
     * @throws DataException if the folder that is named is not there
     */
    public static Path folder(Path trainFolder) {
        Path file = trainFolder.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return trainFolder;
        }
        try {
            Path named = trainFolder.resolve(Files.readString(file).strip());
            if (!Files.isDirectory(named)) {
                throw new DataException(
                        "%s: names %s, which is not there; restore it, or run 'train' again".formatted(file, named));
            }
            return named;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Says where it goes on: the run's own folder, or one below it. */
    public static void goesOnIn(Path trainFolder, Path folder) {
        Path file = trainFolder.resolve(FILE_NAME);
        try {
            if (folder.equals(trainFolder)) {
                Files.deleteIfExists(file);
            } else {
                String name = trainFolder.relativize(folder).toString().replace('\\', '/');
                AtomicFiles.write(file, (name + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
