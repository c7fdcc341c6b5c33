package io.peregrine.data.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.sources.FileParts;
import io.peregrine.data.sources.InputFile;
import io.peregrine.data.sources.InputFiles;
import io.peregrine.data.sources.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Stage 10: reads the files of all sources into {@code documents} and {@code rejected}.
 *
 * <p>Large files are cut into parts where their format allows; files and parts are spread over tasks by size, and read
 * once: what the tasks give is kept on the executors' disks until both tables are written. The tables do not depend on the spreading.
 */
public final class IngestJob implements StageJob {
    private static final int TASKS_PER_CORE = 4;

    /** A smaller part costs more to begin than is gained by reading it beside others. */
    private static final long PART_BYTES_MIN = 1 << 20;

    /** Row groups are cut by size, looking at every row: a few texts of 16 MiB would break a guess from the first rows. */
    private static final Map<String, String> TEXT_TABLE = Map.of(
            "parquet.block.size", String.valueOf(64 << 20),
            "parquet.block.size.row.check.min", "1",
            "parquet.page.size.row.check.min", "1",
            "parquet.page.size.row.check.max", "100");

    private static final List<String> REJECTED_COLUMNS = List.of("source", "origin", "position", "reason", "detail");

    private final List<SourceConfig> sources;
    private final Path base;

    /**
     * @param sources what to read; names are unique
     * @param base folder that relative paths of the sources start from
     * @throws ConfigException if there is no source, or two share a name
     */
    public IngestJob(List<SourceConfig> sources, Path base) {
        if (sources.isEmpty()) {
            throw new ConfigException("sources", "[]", "must name at least one source");
        }
        Set<String> names = new HashSet<>();
        for (SourceConfig source : sources) {
            if (!names.add(source.name())) {
                throw new ConfigException("sources", source.name(), "two sources have this name; names must be unique");
            }
        }
        this.sources = List.copyOf(sources);
        this.base = base;
    }

    @Override
    public Stage stage() {
        return Stage.DOCUMENTS;
    }

    @Override
    public List<Stage> after() {
        return List.of();
    }

    /**
     * Settings and, for want of a manifest of the outside world, name, size and time of change of every file.
     *
     * <p>Not the content: to hash it would read every byte of every source once more at the start of each run, only to
     * learn that nothing is to be done. A copied file with a new time is read again, and gives the same tables; a file
     * that changes and keeps both size and time is not noticed.
     */
    @Override
    public String configDigest() {
        PayloadDigest digest = new PayloadDigest();
        for (SourceConfig source : sources) {
            digest.add(ConfigDigest.of(source));
            for (InputFile file : InputFiles.of(source, base)) {
                digest.add(file.origin()).add(size(file)).add(changed(file));
            }
        }
        return digest.hex();
    }

    @Override
    public Outcome run(StageContext context) {
        int cores = cores(context);
        List<ArrayList<FileTask>> groups = spread(tasks(cores), cores);
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(context.spark().sparkContext());
        JavaRDD<Row> read = spark.parallelize(groups, groups.size())
                .flatMap(IngestJob::rows)
                .persist(StorageLevel.DISK_ONLY());
        try {
            Dataset<Row> rows = context.spark().createDataFrame(read, IngestRows.SCHEMA);
            TableVersion documents = context.write(
                    ofType(rows, IngestRows.DOCUMENT, Arrays.asList(DocumentRows.SCHEMA.fieldNames())),
                    "documents",
                    TEXT_TABLE);
            TableVersion rejected = context.write(
                    ofType(rows, IngestRows.REJECTED, REJECTED_COLUMNS).coalesce(1), "rejected");
            Map<String, TableVersion> outputs = new LinkedHashMap<>();
            outputs.put("documents", documents);
            outputs.put("rejected", rejected);
            return new Outcome(outputs, counts(rows));
        } finally {
            read.unpersist();
        }
    }

    private static int cores(StageContext context) {
        return context.spark().sparkContext().defaultParallelism();
    }

    /** Files and parts of files, none of which is so large that most cores would wait for it, here and in later stages. */
    private List<FileTask> tasks(int cores) {
        Map<SourceConfig, List<InputFile>> files = new LinkedHashMap<>();
        long bytes = 0;
        for (SourceConfig source : sources) {
            List<InputFile> own = InputFiles.of(source, base);
            files.put(source, own);
            bytes += own.stream().mapToLong(IngestJob::size).sum();
        }
        long partBytesMax = Math.max(PART_BYTES_MIN, bytes / ((long) TASKS_PER_CORE * cores));
        List<FileTask> tasks = new ArrayList<>();
        files.forEach((source, own) -> own.forEach(file -> FileParts.of(source, file, partBytesMax)
                .forEach(part -> tasks.add(new FileTask(source, file, part, part.bytesOf(size(file)))))));
        return tasks;
    }

    /** Largest first, each to the group with the least so far. */
    private static List<ArrayList<FileTask>> spread(List<FileTask> tasks, int cores) {
        int count = Math.min(tasks.size(), TASKS_PER_CORE * cores);
        PriorityQueue<Group> byLoad =
                new PriorityQueue<>(Comparator.comparingLong(Group::load).thenComparingInt(Group::number));
        List<ArrayList<FileTask>> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(new ArrayList<>());
            byLoad.add(new Group(0, i));
        }
        tasks.stream()
                .sorted(Comparator.comparingLong(FileTask::bytes)
                        .reversed()
                        .thenComparing(FileTask::origin)
                        .thenComparingLong(FileTask::start))
                .forEach(task -> {
                    Group least = byLoad.remove();
                    groups.get(least.number).add(task);
                    // A file costs something to open, however small it is.
                    byLoad.add(new Group(least.load + task.bytes() + 4096, least.number));
                });
        return groups;
    }

    private record Group(long load, int number) {}

    private static Iterator<Row> rows(List<FileTask> group) {
        return new Iterator<>() {
            private final Iterator<FileTask> files = group.iterator();
            private Iterator<Row> current = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && files.hasNext()) {
                    current = new IngestRows(files.next());
                }
                return current.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("all files of the task are read");
                }
                return current.next();
            }
        };
    }

    private static Dataset<Row> ofType(Dataset<Row> rows, int type, List<String> columns) {
        return rows.filter(functions.col("type").equalTo(type))
                .select(columns.stream().map(functions::col).toArray(Column[]::new));
    }

    /** Totals first, then each source's own in the order of the run file. */
    private Map<String, Long> counts(Dataset<Row> rows) {
        List<Row> groups = rows.groupBy("source", "type", "reason")
                .agg(functions.sum("n"), functions.sum(functions.octet_length(functions.col("text"))))
                .collectAsList();
        Map<String, TreeMap<String, Long>> bySource = new TreeMap<>();
        TreeMap<String, Long> totals = new TreeMap<>();
        for (Row group : groups) {
            Map<String, Long> own = bySource.computeIfAbsent(group.getString(0), s -> new TreeMap<>());
            long n = group.getLong(3);
            switch (group.getInt(1)) {
                case IngestRows.DOCUMENT -> {
                    add(own, totals, "documents", n);
                    add(own, totals, "text-bytes", group.getLong(4));
                }
                case IngestRows.REJECTED -> add(own, totals, "rejected." + group.getString(2), n);
                default -> add(own, totals, group.getString(2), n);
            }
        }
        Map<String, Long> counts = new LinkedHashMap<>(totals);
        for (SourceConfig source : sources) {
            bySource.getOrDefault(source.name(), new TreeMap<>())
                    .forEach((name, n) -> counts.put(source.name() + "." + name, n));
        }
        return counts;
    }

    private static void add(Map<String, Long> own, Map<String, Long> totals, String name, long n) {
        own.merge(name, n, Long::sum);
        totals.merge(name, n, Long::sum);
    }

    private static long size(InputFile file) {
        try {
            return file.bytes();
        } catch (IOException e) {
            throw vanished(file, e);
        }
    }

    private static long changed(InputFile file) {
        try {
            return Files.getLastModifiedTime(file.path()).toMillis();
        } catch (IOException e) {
            throw vanished(file, e);
        }
    }

    private static DataException vanished(InputFile file, IOException e) {
        return new DataException(
                "%s: was listed and cannot be looked at: %s".formatted(file.path(), e.getMessage()), e);
    }
}
