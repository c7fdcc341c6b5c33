package io.peregrine.report;

import static io.delta.kernel.internal.util.Utils.singletonCloseableIterator;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The first rows of a Delta table, as text, without Spark. */
final class TableRows {
    private final Engine engine = DefaultEngine.create(new Configuration());
    private final Path path;
    private final List<String> columns;
    private final int rowsMax;
    private final List<List<String>> rows = new ArrayList<>();

    private TableRows(Path path, List<String> columns, int rowsMax) {
        this.path = path;
        this.columns = columns;
        this.rowsMax = rowsMax;
    }

    /**
     * @param path folder of the table
     * @param version Delta version to read
     * @param columns text columns
     * @param rowsMax how many rows at most
     * @return a list per row with a text per column, an absent value being empty
     * @throws DataException naming the table if it or one of the columns is missing or damaged
     */
    static List<List<String>> first(Path path, long version, List<String> columns, int rowsMax) {
        TableRows reader = new TableRows(path, columns, rowsMax);
        try {
            reader.read(version);
        } catch (IOException | KernelException e) {
            throw new DataException(
                    "%s: version %d cannot be read: %s; run the stage again".formatted(path, version, e.getMessage()),
                    e);
        }
        return reader.rows;
    }

    private void read(long version) throws IOException {
        Snapshot snapshot = Table.forPath(engine, path.toString()).getSnapshotAsOfVersion(engine, version);
        StructType schema = new StructType();
        for (String column : columns) {
            if (snapshot.getSchema().indexOf(column) < 0) {
                throw new DataException("%s: no column '%s'".formatted(path, column));
            }
            schema = schema.add(snapshot.getSchema().get(column));
        }
        Scan scan = snapshot.getScanBuilder().withReadSchema(schema).build();
        Row state = scan.getScanState(engine);
        try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
            while (files.hasNext() && rows.size() < rowsMax) {
                try (CloseableIterator<Row> entries = files.next().getRows()) {
                    while (entries.hasNext() && rows.size() < rowsMax) {
                        readFile(state, entries.next());
                    }
                }
            }
        }
    }

    private void readFile(Row state, Row entry) throws IOException {
        FileStatus file = InternalScanFileUtils.getAddFileStatus(entry);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        try (CloseableIterator<FileReadResult> results = engine.getParquetHandler()
                        .readParquetFiles(singletonCloseableIterator(file), physical, Optional.empty());
                CloseableIterator<FilteredColumnarBatch> batches =
                        Scan.transformPhysicalData(engine, state, entry, results.map(FileReadResult::getData))) {
            while (batches.hasNext() && rows.size() < rowsMax) {
                addAll(batches.next());
            }
        }
    }

    private void addAll(FilteredColumnarBatch batch) {
        ColumnarBatch data = batch.getData();
        for (int i = 0; i < data.getSize() && rows.size() < rowsMax; i++) {
            if (batch.getSelectionVector().isPresent()
                    && !batch.getSelectionVector().get().getBoolean(i)) {
                continue;
            }
            List<String> row = new ArrayList<>();
            for (int column = 0; column < columns.size(); column++) {
                boolean absent = data.getColumnVector(column).isNullAt(i);
                row.add(absent ? "" : data.getColumnVector(column).getString(i));
            }
            rows.add(row);
        }
    }
}
