package io.peregrine.trainer.train;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The branches of a run's training: {@code 80-train/branches/NAME}, each a folder like {@code 80-train} with a
 * {@link Branch} in it.
 *
 * <p>A branch has a copy of the checkpoint it began at and of the metrics up to there, so that it needs its parent no
 * more: what either does afterwards leaves the other as it is. It is put together under another name and moved.
 */
final class Branches {
    private static final String FOLDER = "branches";
    private static final String TEMPORARY_PREFIX = ".making-";

    private final Path trainFolder;

    /** @param trainFolder of the run */
    Branches(Path trainFolder) {
        this.trainFolder = trainFolder;
    }

    /** Where a branch, or {@link Branch#MAIN}, has its checkpoints and metrics. */
    Path folder(String name) {
        return name.equals(Branch.MAIN)
                ? trainFolder
                : trainFolder.resolve(FOLDER).resolve(name);
    }

    Checkpoints checkpoints(String name) {
        return new Checkpoints(folder(name).resolve(Checkpoints.FOLDER));
    }

    /** All branches, by name. */
    List<Branch> all() {
        return names().stream().map(this::read).toList();
    }

    /**
     * The branch of this name.
     *
     * @throws DataException if there is none
     */
    Branch require(String name) {
        List<String> names = names();
        if (!names.contains(name)) {
            throw new DataException("%s: no branch '%s'; there are %s; 'rollback' makes one"
                    .formatted(trainFolder.resolve(FOLDER), name, names.isEmpty() ? "none" : names));
        }
        return read(name);
    }

    private Branch read(String name) {
        Branch branch = Branch.read(folder(name));
        if (!branch.name().equals(name)) {
            throw new DataException("%s: name = %s: must be that of the folder; give it its name again"
                    .formatted(folder(name).resolve(Branch.FILE_NAME), branch.name()));
        }
        return branch;
    }

    /** The first name of this beginning and a number from 1 on that is free. */
    String freeName(String prefix) {
        int number = 1;
        while (Files.exists(folder(prefix + number))) {
            number++;
        }
        return prefix + number;
    }

    /** @throws DataException if there is something of this name */
    void requireFree(String name) {
        if (Files.exists(folder(name))) {
            throw new DataException(
                    "%s: the name is taken; say another --name, or delete this folder".formatted(folder(name)));
        }
    }

    /**
     * How far the others have read this plan: the furthest of their last positions that it agrees with, 0 if there is none.
     *
     * @param except the one that does not count
     */
    long furthestRead(MixturePlan plan, String except) {
        return Stream.concat(Stream.of(Branch.MAIN), names().stream())
                .filter(name -> !name.equals(except))
                .flatMap(name -> checkpoints(name).latest().stream())
                .map(Checkpoint::state)
                .filter(state -> plan.continues(state.planDigest(), state.position()))
                .mapToLong(RunState::position)
                .max()
                .orElse(0);
    }

    /**
     * Makes a branch.
     *
     * @param branch what it is
     * @param origin the parent's checkpoint, verified
     * @param spike what made it, if no person asked for it: kept in the folder and its metrics
     */
    void make(Branch branch, Checkpoint origin, Optional<Spike> spike) {
        requireFree(branch.name());
        begin(branch, origin, spike, folder(branch.parent()), folder(branch.name()));
    }

    /**
     * Lays down what a branch begins with, all of it or nothing.
     *
     * @param spike what made it, if no person asked for it
     * @param parent folder of the training that the checkpoint is of
     * @param target the branch's folder, which is not there yet
     */
    static void begin(Branch branch, Checkpoint origin, Optional<Spike> spike, Path parent, Path target) {
        RunState state = origin.state();
        RunState begins = new RunState(
                state.step(),
                branch.toPosition(),
                state.tokens(),
                state.seed(),
                branch.planDigest(),
                branch.configDigest(),
                state.bestValidationNats(),
                branch.codeVersion());
        Path temporary = target.resolveSibling(TEMPORARY_PREFIX + target.getFileName());
        try {
            delete(temporary);
            new Checkpoints(temporary.resolve(Checkpoints.FOLDER)).write(begins, origin::copyPayload);
            HeldOutFile.write(temporary, HeldOutFile.read(parent));
            Path metrics = temporary.resolve(MetricsLog.FILE_NAME);
            Files.copy(parent.resolve(MetricsLog.FILE_NAME), metrics);
            try (MetricsLog log = MetricsLog.after(metrics, state.step())) {
                if (spike.isPresent()) {
                    log.add("rollback", RollbackReport.of(branch, spike.get()));
                    log.force();
                    SpikeFile.write(temporary, spike.get());
                }
            }
            branch.write(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.forceFolder(target.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the branch " + target, e);
        }
    }

    /** The branches below their parents, those of a parent that has been deleted at the end. */
    String tree() {
        List<Branch> all = all();
        List<String> names = all.stream().map(Branch::name).toList();
        StringBuilder tree =
                new StringBuilder(Branch.MAIN).append(stands(Branch.MAIN)).append('\n');
        addChildren(Branch.MAIN, "  ", all, tree);
        all.stream()
                .map(Branch::parent)
                .filter(parent -> !parent.equals(Branch.MAIN) && !names.contains(parent))
                .distinct()
                .forEach(parent -> {
                    tree.append(parent).append("; has been deleted\n");
                    addChildren(parent, "  ", all, tree);
                });
        return tree.toString();
    }

    private void addChildren(String parent, String indent, List<Branch> all, StringBuilder tree) {
        for (Branch branch : all) {
            if (branch.parent().equals(parent)) {
                tree.append("%s%s: of step %,d (%,d tokens), %s%s%s\n"
                        .formatted(
                                indent,
                                branch.name(),
                                branch.step(),
                                branch.tokens(),
                                branch.reads(),
                                SpikeFile.isIn(folder(branch.name())) ? ", after a spike" : "",
                                stands(branch.name())));
                addChildren(branch.name(), indent + "  ", all, tree);
            }
        }
    }

    private String stands(String name) {
        return checkpoints(name)
                .latest()
                .map(Checkpoint::state)
                .map(state -> "; is at step %,d (%,d tokens)".formatted(state.step(), state.tokens()))
                .orElse("; has no checkpoint");
    }

    private List<String> names() {
        Path branches = trainFolder.resolve(FOLDER);
        if (!Files.isDirectory(branches)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(branches)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve(Branch.FILE_NAME)))
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(TEMPORARY_PREFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + branches, e);
        }
    }

    private static void delete(Path doomed) throws IOException {
        if (Files.exists(doomed)) {
            try (Stream<Path> walk = Files.walk(doomed)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
