package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.mixture.shard.ShardLease;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What nothing refers to among the tables of stages 60 and 70: found whole before anything is removed, so that a file that
 * cannot be read removes nothing.
 *
 * <p>Delta's own VACUUM would not do: it keeps what the newest version has and what is young, but a version that an index
 * names may be neither. The newest version of a table always stays, so that the table stays one; so does whatever was in
 * force less than the retention ago, for readers that nobody knows of. Only files that Peregrine's writers leave are looked at.
 */
final class MixtureGarbage {
    /** A table on its way out: renamed first, so that a table is there whole or not at all. */
    private static final String LEAVING = ".gc-";

    private static final String DATA_SUFFIX = ".parquet";

    private final RunLayout layout;
    private final Instant horizon;
    private final TableReferences references;
    private final List<Kept> kept = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();

    /**
     * A version that stays.
     *
     * @param table path below the run's root
     * @param version Delta version
     * @param why what refers to it, or why else it stays
     */
    record Kept(String table, long version, String why) {}

    /**
     * Files that go, or a folder and all in it.
     *
     * @param what the files as a person knows them
     * @param why why they may go
     * @param paths files, or one folder
     * @param files how many files these are
     * @param bytes their size
     */
    record Removal(String what, String why, List<Path> paths, long files, long bytes) {
        Removal {
            paths = List.copyOf(paths);
        }
    }

    private MixtureGarbage(RunLayout layout, Instant horizon) {
        this.layout = layout;
        this.horizon = horizon;
        this.references = TableReferences.of(layout);
    }

    /**
     * Looks; removes nothing. Call it with the run's lock.
     *
     * @param now the time
     * @param retain what was in force less than this ago stays
     * @throws DataException if something that may hold references, or a version that is referred to, cannot be read
     */
    static MixtureGarbage find(RunLayout layout, Instant now, Duration retain) {
        MixtureGarbage garbage = new MixtureGarbage(layout, now.minus(retain));
        try {
            for (Stage stage : List.of(Stage.MIXTURE, Stage.SHARDS)) {
                garbage.look(stage);
            }
            List<Path> leases = ShardLease.leftOver(layout);
            garbage.add("70-shards: leases", "their readers have ended", leases);
        } catch (IOException e) {
            throw new DataException("%s: cannot be looked through: %s".formatted(layout.root(), e), e);
        }
        return garbage;
    }

    private void look(Stage stage) throws IOException {
        Path folder = layout.folder(stage);
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (Path entry : entries(folder)) {
            String name = entry.getFileName().toString();
            boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
            if (isFolder && name.startsWith(LEAVING)) {
                addFolder(named(entry), "left by a 'mixture gc' that was stopped", entry);
            } else if (!isFolder && isTemporary(entry)) {
                add(named(entry), "left by a process that was stopped while it wrote", List.of(entry));
            } else if (isFolder && isTable(entry)) {
                lookAtTable(stage, entry);
            }
        }
    }

    private static boolean isTable(Path folder) throws IOException {
        return Files.isDirectory(folder.resolve(DeltaLog.FOLDER))
                || entries(folder).stream().anyMatch(MixtureGarbage::isData);
    }

    private void lookAtTable(Stage stage, Path table) throws IOException {
        String name = named(table);
        DeltaLog log = DeltaLog.read(table);
        boolean wanted = !references.of(name).isEmpty()
                || references.isPlanned(stage, table.getFileName().toString());
        if (!wanted && isOld(table)) {
            addFolder(name, "the whole table: no stream of the plan, and nothing refers to it", table);
            return;
        }
        SortedMap<Long, String> versions = keptVersions(name, log);
        Set<Path> needed = new HashSet<>();
        versions.forEach((version, why) -> {
            needed.addAll(log.files(version));
            kept.add(new Kept(name, version, why));
        });
        Map<Optional<Long>, List<Path>> unneeded =
                new TreeMap<>(Comparator.comparing((Optional<Long> version) -> version.orElse(Long.MAX_VALUE)));
        for (Path file : entries(table)) {
            if (isData(file) && !needed.contains(file.normalize()) && isOldFile(file)) {
                unneeded.computeIfAbsent(log.addedBy(file.normalize()), version -> new ArrayList<>())
                        .add(file);
            }
        }
        for (Map.Entry<Optional<Long>, List<Path>> group : unneeded.entrySet()) {
            Optional<Long> version = group.getKey();
            add(
                    version.map(number -> name + " version " + number).orElse(name + ", no version"),
                    version.map(log::supersededBy).orElse("in no commit: left by a task or a build that was stopped"),
                    group.getValue());
        }
        List<Path> halfCommits = Files.isDirectory(table.resolve(DeltaLog.FOLDER))
                ? entries(table.resolve(DeltaLog.FOLDER)).stream()
                        .filter(file -> isTemporary(file) && isOldFile(file))
                        .toList()
                : List.of();
        add(name + ", log", "commits that were stopped while they were written", halfCommits);
    }

    private SortedMap<Long, String> keptVersions(String table, DeltaLog log) {
        SortedMap<Long, String> versions = new TreeMap<>();
        references.of(table).forEach((version, who) -> versions.put(version, String.join(", ", who)));
        Optional<Long> newer = Optional.empty();
        for (long version : log.newestFirst()) {
            if (newer.isEmpty()) {
                versions.putIfAbsent(version, "the newest");
            } else if (log.commits().get(newer.get()).at().isAfter(horizon)) {
                versions.putIfAbsent(
                        version,
                        "in force until " + log.commits().get(newer.get()).at());
            } else {
                break;
            }
            newer = Optional.of(version);
        }
        return versions;
    }

    private void add(String what, String why, List<Path> files) throws IOException {
        if (!files.isEmpty()) {
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            removals.add(new Removal(what, why, files, files.size(), bytes));
        }
    }

    private void addFolder(String what, String why, Path folder) throws IOException {
        long files = 0;
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files++;
                bytes += Files.size(file);
            }
        }
        removals.add(new Removal(what, why, List.of(folder), files, bytes));
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static boolean isData(Path file) {
        return file.getFileName().toString().endsWith(DATA_SUFFIX)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isTemporary(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".tmp");
    }

    private boolean isOld(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.allMatch(this::isOldFile);
        }
    }

    private boolean isOldFile(Path file) {
        try {
            return !Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isAfter(horizon);
        } catch (IOException e) {
            throw new DataException("%s: cannot be looked at: %s".formatted(file, e), e);
        }
    }

    private String named(Path path) {
        return layout.root().relativize(path).toString().replace('\\', '/');
    }

    /** The versions that stay, by table and version. */
    List<Kept> kept() {
        return List.copyOf(kept);
    }

    /** What may go. */
    List<Removal> removals() {
        return List.copyOf(removals);
    }

    /** Removes what was found. Stopped in between, everything that is referred to is as it was, and the next call goes on. */
    void remove() {
        try {
            for (Removal removal : removals) {
                for (Path path : removal.paths()) {
                    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                        removeFolder(path);
                    } else {
                        // Hadoop's checksum beside it first: alone it would be found by nobody.
                        Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
                        Files.deleteIfExists(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be removed (%s); the same command goes on".formatted(layout.root(), e), e);
        }
    }

    private static void removeFolder(Path folder) throws IOException {
        Path leaving = folder;
        if (!folder.getFileName().toString().startsWith(LEAVING)) {
            leaving = folder.resolveSibling(LEAVING + folder.getFileName());
            Files.move(folder, leaving, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.walkFileTree(leaving, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
