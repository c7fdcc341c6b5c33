package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which versions of a run's mixture tables something refers to, and what: the manifests of stages 60 and 70, the shards'
 * index, the releases, which are copies of that index in {@code 70-shards/releases}, and the leases of readers.
 *
 * <p>A checkpoint refers to positions of a plan, not to versions: what it needs is what the index in force names.
 */
final class TableReferences {
    static final String RELEASES = "releases";

    private final RunLayout layout;
    private final Map<String, SortedMap<Long, SortedSet<String>>> byTable = new TreeMap<>();

    private TableReferences(RunLayout layout) {
        this.layout = layout;
    }

    /**
     * Gathers all references. Call it with the run's lock.
     *
     * @throws DataException naming the file if one that may hold references cannot be read
     */
    static TableReferences of(RunLayout layout) {
        TableReferences references = new TableReferences(layout);
        for (Stage stage : List.of(Stage.MIXTURE, Stage.SHARDS)) {
            StageManifest.read(layout, stage)
                    .ifPresent(manifest -> manifest.outputs()
                            .values()
                            .forEach(table -> references.add(table, references.name(layout.manifest(stage)))));
        }
        Path index = layout.shards().resolve(ShardIndex.FILE_NAME);
        if (Files.exists(index)) {
            references.add(index);
        }
        releases(layout).forEach(references::add);
        for (Path lease : ShardLease.held(layout)) {
            if (lease.toFile().length() == 0) {
                throw new DataException(
                        "%s: somebody is just beginning to read the shards; try again".formatted(lease));
            }
            references.add(lease);
        }
        return references;
    }

    private static List<Path> releases(RunLayout layout) {
        Path folder = layout.shards().resolve(RELEASES);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException("%s: cannot be looked through: %s".formatted(folder, e), e);
        }
    }

    private void add(Path index) {
        ShardIndex.read(index).streams().forEach(stream -> add(stream.table(), name(index)));
    }

    private void add(TableVersion table, String what) {
        if (table.version() != TableVersion.PLAIN_FILE) {
            byTable.computeIfAbsent(table.path(), path -> new TreeMap<>())
                    .computeIfAbsent(table.version(), version -> new TreeSet<>())
                    .add(what);
        }
    }

    private String name(Path file) {
        return layout.root().relativize(file).toString().replace('\\', '/');
    }

    /** What refers to each version of a table. */
    SortedMap<Long, SortedSet<String>> of(String table) {
        return byTable.getOrDefault(table, new TreeMap<>());
    }

    /**
     * Whether the next build may take the table over as it stands: the plan's own tables, and those of streams that the
     * plan has a part for.
     */
    boolean isPlanned(Stage stage, String table) {
        if (stage == Stage.MIXTURE) {
            return true;
        }
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        return plan.streams().stream()
                .filter(PlannedStream::planned)
                .map(PlannedStream::name)
                .anyMatch(table::equals);
    }
}
