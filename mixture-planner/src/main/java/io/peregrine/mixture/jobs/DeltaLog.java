package io.peregrine.mixture.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.Table;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** What the log of a Delta table says about its files, read without Spark. */
final class DeltaLog {
    static final String FOLDER = "_delta_log";

    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path table;
    private final Engine engine = DefaultEngine.create(new Configuration());
    private final SortedMap<Long, Commit> commits = new TreeMap<>();

    /**
     * A commit.
     *
     * @param at when it was made
     * @param added files that it added
     */
    record Commit(Instant at, Set<Path> added) {
        Commit {
            added = Set.copyOf(added);
        }
    }

    private DeltaLog(Path table) {
        this.table = table;
    }

    /** Reads the commits of a table; none if nothing has been committed to it. */
    static DeltaLog read(Path table) {
        DeltaLog log = new DeltaLog(table);
        Path folder = table.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return log;
        }
        boolean cleaned = false;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher name = COMMIT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    log.commits.put(Long.parseLong(name.group(1)), log.commit(file));
                }
                cleaned |= file.getFileName().toString().contains(".checkpoint");
            }
            if (cleaned && log.commits.isEmpty()) {
                throw new DataException("%s: has checkpoints and no commits; restore the log".formatted(folder));
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(folder, e), e);
        }
        return log;
    }

    private Commit commit(Path file) throws IOException {
        Instant at = Files.getLastModifiedTime(file).toInstant();
        Set<Path> added = new HashSet<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode action = JSON.readTree(line);
            if (action.has("commitInfo") && action.get("commitInfo").has("timestamp")) {
                at = Instant.ofEpochMilli(
                        action.get("commitInfo").get("timestamp").asLong());
            } else if (action.has("add")) {
                added.add(resolved(URI.create(action.get("add").get("path").asText())));
            }
        }
        return new Commit(at, added);
    }

    private Path resolved(URI path) {
        return (path.isAbsolute() ? Path.of(path) : table.resolve(path.getPath())).normalize();
    }

    /** The commits whose log is still there, by version. */
    SortedMap<Long, Commit> commits() {
        return commits;
    }

    /** The same commits' versions, the newest first. */
    List<Long> newestFirst() {
        List<Long> versions = new ArrayList<>(commits.keySet());
        Collections.reverse(versions);
        return versions;
    }

    /** The version that added a file; nothing if no commit did. */
    Optional<Long> addedBy(Path file) {
        return commits.entrySet().stream()
                .filter(commit -> commit.getValue().added().contains(file))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** How a version ceased to be the newest. */
    String supersededBy(long version) {
        long next = commits.tailMap(version + 1).firstKey();
        return "superseded at %s by version %d, and nothing refers to it"
                .formatted(commits.get(next).at(), next);
    }

    /**
     * The files that a version has.
     *
     * @throws DataException if the table does not have this version
     */
    Set<Path> files(long version) {
        Set<Path> found = new HashSet<>();
        try (CloseableIterator<FilteredColumnarBatch> batches = Table.forPath(engine, table.toString())
                .getSnapshotAsOfVersion(engine, version)
                .getScanBuilder()
                .build()
                .getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        String path = InternalScanFileUtils.getAddFileStatus(rows.next())
                                .getPath();
                        found.add(resolved(new org.apache.hadoop.fs.Path(path).toUri()));
                    }
                }
            }
        } catch (KernelException | IOException e) {
            throw new DataException(
                    "%s: version %d, which is referred to, cannot be read (%s); nothing is removed"
                            .formatted(table, version, e.getMessage()),
                    e);
        }
        return found;
    }
}
