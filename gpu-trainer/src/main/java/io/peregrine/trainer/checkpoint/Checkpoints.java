package io.peregrine.trainer.checkpoint;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run: {@code step-000200}, {@code step-000400}, ... in one folder.
 *
 * <p>A new one is written under a temporary name, forced to disk, renamed and then marked; whatever the moment at which
 * the process is killed, the last marked one is whole, and what is not marked is not read. Removing one takes its
 * marker away first.
 *
 * <p>Thread: one writer per folder.
 */
public final class Checkpoints {
    /** Where a run keeps its checkpoints, below its folder of training. */
    public static final String FOLDER = "checkpoints";

    private static final Pattern NAME = Pattern.compile("step-(\\d{6,})");
    private static final String TEMPORARY_PREFIX = ".writing-";

    private final Path folder;

    /** Writes the files of a checkpoint into an empty folder. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path emptyFolder) throws IOException;
    }

    /** @param folder where the checkpoints lie; made when the first one is written */
    public Checkpoints(Path folder) {
        this.folder = folder;
    }

    /** The folder name of a step's checkpoint. */
    public static String nameOf(long step) {
        return "step-%06d".formatted(step);
    }

    /**
     * Writes a checkpoint; when this returns it is on disk and complete.
     *
     * @param state where the run stands; names the checkpoint
     * @param content writes the other files
     */
    public Checkpoint write(RunState state, Content content) {
        Path target = folder.resolve(nameOf(state.step()));
        Path temporary = folder.resolve(TEMPORARY_PREFIX + nameOf(state.step()));
        try {
            delete(temporary);
            Files.createDirectories(temporary);
            content.writeTo(temporary);
            state.write(temporary);
            for (Path file : Checkpoint.filesOf(temporary)) {
                force(file);
            }
            AtomicFiles.forceFolder(temporary);
            delete(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.forceFolder(folder);
            Checkpoint.mark(target);
            return new Checkpoint(target, state);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write checkpoint " + target, e);
        }
    }

    /** The finished checkpoints, oldest step first. What was never finished is left out. */
    public List<Checkpoint> all() {
        List<Checkpoint> found = new ArrayList<>();
        for (Path candidate : entries()) {
            if (isCheckpointName(candidate) && Checkpoint.isComplete(candidate)) {
                found.add(new Checkpoint(candidate, RunState.read(candidate)));
            }
        }
        found.sort(Comparator.comparingLong(checkpoint -> checkpoint.state().step()));
        return found;
    }

    /** The finished checkpoint of the highest step. */
    public Optional<Checkpoint> latest() {
        List<Checkpoint> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /**
     * The folder to load a model from: the one given, if a model lies there, or the newest checkpoint of the run given.
     *
     * @param given a checkpoint, a model's folder, a run's folder, or a folder of checkpoints
     * @throws DataException if there is no model, or the checkpoint was never finished or is damaged
     */
    public static Path modelFolder(Path given) {
        if (Files.isRegularFile(given.resolve(ModelFolder.CONFIG))) {
            if (Files.exists(given.resolve(RunState.FILE_NAME))) {
                requireWhole(given);
            }
            return given;
        }
        for (Path folder : List.of(
                given,
                CurrentTraining.folder(given).resolve(FOLDER),
                CurrentTraining.folder(given.resolve(Stage.TRAIN.folder())).resolve(FOLDER))) {
            Optional<Checkpoint> latest = new Checkpoints(folder).latest();
            if (latest.isPresent()) {
                latest.get().verify();
                return latest.get().folder();
            }
        }
        throw new DataException(
                "%s: no %s here, and no finished checkpoint of a run".formatted(given, ModelFolder.CONFIG));
    }

    private static void requireWhole(Path folder) {
        if (!Checkpoint.isComplete(folder)) {
            throw new DataException("%s: this checkpoint was never finished (it has no %s); take one that was"
                    .formatted(folder, Checkpoint.MARKER));
        }
        new Checkpoint(folder, RunState.read(folder)).verify();
    }

    /** Removes the finished checkpoints that do not stay, and everything that was never finished. */
    public void keep(CheckpointRetention retention) {
        List<Checkpoint> all = all();
        TreeSet<Long> steps = new TreeSet<>();
        all.forEach(checkpoint -> steps.add(checkpoint.state().step()));
        Set<Long> kept = retention.kept(steps);
        try {
            for (Checkpoint checkpoint : all) {
                if (!kept.contains(checkpoint.state().step())) {
                    delete(checkpoint.folder());
                }
            }
            for (Path entry : entries()) {
                boolean unfinished = isCheckpointName(entry) && !Checkpoint.isComplete(entry);
                if (unfinished || entry.getFileName().toString().startsWith(TEMPORARY_PREFIX)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove old checkpoints in " + folder, e);
        }
    }

    private List<Path> entries() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return Checkpoint.filesOf(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static boolean isCheckpointName(Path path) {
        return NAME.matcher(path.getFileName().toString()).matches();
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Removes a folder, its marker first, so that no moment shows a marked folder with files missing. */
    private static void delete(Path doomed) throws IOException {
        if (!Files.isDirectory(doomed)) {
            return;
        }
        if (Files.deleteIfExists(doomed.resolve(Checkpoint.MARKER))) {
            AtomicFiles.forceFolder(doomed);
        }
        try (Stream<Path> walk = Files.walk(doomed)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
