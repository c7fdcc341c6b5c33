package io.peregrine.trainer.loader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.peregrine.data.DataException;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The shards of one stream: a Delta table at exactly one version, read through Delta Kernel, without Spark.
 *
 * <p>Opening it reads the table's log only: which file holds which sequences comes from the statistics that the writer
 * left there. The files together must hold every sequence from 0 on exactly once.
 *
 * <p>Thread: safe; a file is read by whoever asks, each time anew (see {@link ShardCache}).
 */
final class ShardTable {
    private static final String SEQ_ORD = "seq_ord";
    private static final List<String> COLUMNS =
            List.of(SEQ_ORD, "tokens", "n_tok", "doc_ends", "first_is_continuation", "doc_ids");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Engine engine;
    private final Path path;
    private final long version;
    private final Row scanState;
    private final List<ShardFile> files;
    private final ShardIndex.StreamShards shards;

    /**
     * One file of the table.
     *
     * @param index number of the shard, in the order of the sequences
     * @param firstRow ordinal of its first sequence
     * @param rows sequences in it
     * @param entry what Delta Kernel needs to read it
     */
    record ShardFile(int index, long firstRow, int rows, Row entry) {
        FileStatus status() {
            return InternalScanFileUtils.getAddFileStatus(entry);
        }

        String name() {
            return new org.apache.hadoop.fs.Path(status().getPath()).getName();
        }
    }

    private ShardTable(
            Engine engine,
            Path path,
            long version,
            Row scanState,
            List<ShardFile> files,
            ShardIndex.StreamShards shards) {
        this.engine = engine;
        this.path = path;
        this.version = version;
        this.scanState = scanState;
        this.files = files;
        this.shards = shards;
    }

    /**
     * Opens a table.
     *
     * @param engine Delta Kernel's reader
     * @param path folder of the table
     * @param shards the version to read, whatever came later, and the digests of its shards
     * @param shardSequences sequences per shard
     * @throws DataException naming the table if the table or the version is missing, or its files leave a gap
     */
    static ShardTable open(Engine engine, Path path, ShardIndex.StreamShards shards, int shardSequences) {
        long version = shards.table().version();
        try {
            Snapshot snapshot = Table.forPath(engine, path.toString()).getSnapshotAsOfVersion(engine, version);
            Scan scan = snapshot.getScanBuilder()
                    .withReadSchema(columns(snapshot.getSchema(), path))
                    .build();
            List<ShardFile> files = files(engine, scan, path);
            requireWholeShards(files, shards.shards(), shardSequences, path);
            return new ShardTable(engine, path, version, scan.getScanState(engine), files, shards);
        } catch (KernelException | IOException e) {
            throw new DataException(
                    "%s: cannot read version %d (%s); run the shards stage again"
                            .formatted(path, version, e.getMessage()),
                    e);
        }
    }

    private static StructType columns(StructType schema, Path path) {
        StructType wanted = new StructType();
        for (String column : COLUMNS) {
            if (schema.indexOf(column) < 0) {
                throw new DataException("%s: no column '%s', so these are not shards".formatted(path, column));
            }
            wanted = wanted.add(schema.get(column));
        }
        return wanted;
    }

    private static void requireWholeShards(List<ShardFile> files, List<String> shards, int shardSequences, Path path) {
        for (ShardFile file : files) {
            if (file.firstRow() != (long) file.index() * shardSequences) {
                throw new DataException("%s: %s begins with sequence %d, shards have %d sequences"
                        .formatted(path, file.name(), file.firstRow(), shardSequences));
            }
        }
        if (files.size() != shards.size()) {
            throw new DataException("%s: %d shards, the index of the shards names %d; run the shards stage again"
                    .formatted(path, files.size(), shards.size()));
        }
    }

    private static List<ShardFile> files(Engine engine, Scan scan, Path path) throws IOException {
        List<ShardFile> found = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        found.add(described(rows.next(), path));
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(ShardFile::firstRow));
        List<ShardFile> ordered = new ArrayList<>();
        long next = 0;
        for (ShardFile file : found) {
            if (file.firstRow() != next) {
                throw new DataException("%s: sequences %s; run the shards stage again"
                        .formatted(
                                path,
                                file.firstRow() > next
                                        ? "%d to %d are missing".formatted(next, file.firstRow() - 1)
                                        : "from %d on are there twice (%s)".formatted(file.firstRow(), file.name())));
            }
            ordered.add(new ShardFile(ordered.size(), file.firstRow(), file.rows(), file.entry()));
            next += file.rows();
        }
        return List.copyOf(ordered);
    }

    /** Reads which sequences a file holds from the statistics in the log. */
    private static ShardFile described(Row entry, Path path) {
        Row add = entry.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
        String name = InternalScanFileUtils.getFilePath(entry);
        try {
            if (add.isNullAt(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL)) {
                throw new DataException("%s: no statistics for %s in the table's log".formatted(path, name));
            }
            JsonNode stats = JSON.readTree(add.getString(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL));
            JsonNode rows = stats.path("numRecords");
            JsonNode first = stats.path("minValues").path(SEQ_ORD);
            JsonNode last = stats.path("maxValues").path(SEQ_ORD);
            if (!rows.isIntegralNumber() || !first.isIntegralNumber() || !last.isIntegralNumber()) {
                throw new DataException(
                        "%s: the statistics of %s lack numRecords or the bounds of %s".formatted(path, name, SEQ_ORD));
            }
            if (last.longValue() - first.longValue() + 1 != rows.longValue()) {
                throw new DataException("%s: %s has %d rows for the sequences %d to %d"
                        .formatted(path, name, rows.longValue(), first.longValue(), last.longValue()));
            }
            return new ShardFile(-1, first.longValue(), Math.toIntExact(rows.longValue()), entry);
        } catch (JsonProcessingException e) {
            throw new DataException("%s: the statistics of %s are not JSON".formatted(path, name), e);
        }
    }

    Path path() {
        return path;
    }

    /** How many sequences the table holds. */
    long rows() {
        return files.isEmpty()
                ? 0
                : files.get(files.size() - 1).firstRow()
                        + files.get(files.size() - 1).rows();
    }

    /** The file that holds a sequence. */
    ShardFile fileOf(long row) {
        if (row < 0 || row >= rows()) {
            throw new DataException(
                    "%s: sequence %d asked for, the table has %d at version %d".formatted(path, row, rows(), version));
        }
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (files.get(middle).firstRow() <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return files.get(low);
    }

    /**
     * Reads a file whole and holds it against the digest of its shard.
     *
     * @throws DataException naming table, file and sequences if the file is missing, damaged, or has other rows than
     *     those that were written
     */
    ShardRows read(ShardFile file) {
        ShardRows rows = new ShardRows(this, file, file.firstRow(), file.rows());
        read(rows, Optional.empty());
        rows.requireDigest(shards.shards().get(file.index()));
        return rows;
    }

    /**
     * Reads the part of a file that a sequence is in, and holds it against the digest of this part: of a large shard only
     * the row groups that it is in are read. The whole file, if its parts are not known or it is one.
     *
     * @throws DataException as {@link #read} does
     */
    ShardRows readPart(ShardFile file, long row) {
        if (shards.parts().isEmpty() || file.rows() <= ShardDigests.PART_ROWS) {
            return read(file);
        }
        int part = (int) ((row - file.firstRow()) / ShardDigests.PART_ROWS);
        long first = file.firstRow() + (long) part * ShardDigests.PART_ROWS;
        long end = Math.min(first + ShardDigests.PART_ROWS, file.firstRow() + file.rows());
        ShardRows rows = new ShardRows(this, file, first, Math.toIntExact(end - first));
        Column ordinal = new Column(SEQ_ORD);
        read(
                rows,
                Optional.of(new And(
                        new Predicate(">=", ordinal, Literal.ofLong(first)),
                        new Predicate("<", ordinal, Literal.ofLong(end)))));
        rows.requireDigest(shards.parts().get(file.index()).get(part));
        return rows;
    }

    private void read(ShardRows rows, Optional<Predicate> rowGroups) {
        ShardFile file = rows.file();
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(scanState);
        try (CloseableIterator<FileReadResult> results =
                        engine.getParquetHandler().readParquetFiles(single(file.status()), physical, rowGroups);
                CloseableIterator<FilteredColumnarBatch> batches = Scan.transformPhysicalData(
                        engine, scanState, file.entry(), results.map(FileReadResult::getData))) {
            while (batches.hasNext()) {
                addAll(rows, batches.next());
            }
        } catch (IOException e) {
            throw damaged(file, e);
        } catch (RuntimeException e) {
            // The Parquet reader reports a damaged page with whatever its decoder trips over.
            throw damaged(file, e);
        }
    }

    private static void addAll(ShardRows rows, FilteredColumnarBatch batch) {
        ColumnarBatch data = batch.getData();
        for (int i = 0; i < data.getSize(); i++) {
            long ordinal = data.getColumnVector(0).getLong(i);
            if (rows.wants(ordinal)) {
                rows.add(new ShardRow(
                        ordinal,
                        data.getColumnVector(1).getBinary(i),
                        data.getColumnVector(2).getInt(i),
                        ints(data.getColumnVector(3).getArray(i).getElements()),
                        data.getColumnVector(4).getBoolean(i),
                        strings(data.getColumnVector(5).getArray(i).getElements())));
            }
        }
    }

    private static int[] ints(ColumnVector elements) {
        int[] values = new int[elements.getSize()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.getInt(i);
        }
        return values;
    }

    private static List<String> strings(ColumnVector elements) {
        List<String> values = new ArrayList<>(elements.getSize());
        for (int i = 0; i < elements.getSize(); i++) {
            values.add(elements.getString(i));
        }
        return values;
    }

    private DataException damaged(ShardFile file, Exception cause) {
        String why = cause instanceof DataException ? cause.getMessage() : cause.toString();
        return new DataException(
                "%s: shard %s with the sequences %d to %d cannot be read (%s); run the shards stage again"
                        .formatted(path, file.name(), file.firstRow(), file.firstRow() + file.rows() - 1, why),
                cause);
    }

    private static CloseableIterator<FileStatus> single(FileStatus status) {
        return io.delta.kernel.internal.util.Utils.singletonCloseableIterator(status);
    }
}
