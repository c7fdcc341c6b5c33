package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.mixture.fit.RunTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Tables of runs by path: a folder is a Delta table, anything else a CSV file. Spark starts at the first Delta table. */
final class RunTables implements AutoCloseable {
    private static final int ROWS_MAX = 1_000_000;

    private final LazySpark spark;

    RunTables(LazySpark spark) {
        this.spark = spark;
    }

    /** Reads a table; a Delta table's rows come in no order. */
    RunTable read(String path) {
        if (!Files.isDirectory(Path.of(path))) {
            return RunTable.ofCsv(Path.of(path));
        }
        if (!Files.isDirectory(Path.of(path, "_delta_log"))) {
            throw new DataException(
                    "%s: a folder without _delta_log: must be a CSV file or a Delta table".formatted(path));
        }
        Dataset<Row> table = spark.session().read().format("delta").load(path);
        Column[] texts = Arrays.stream(table.columns())
                .map(name -> functions.col("`" + name.replace("`", "``") + "`").cast("string"))
                .toArray(Column[]::new);
        List<Row> rows = table.select(texts).limit(ROWS_MAX + 1).collectAsList();
        if (rows.size() > ROWS_MAX) {
            throw new DataException("%s: more than %d rows: a table of runs has fewer".formatted(path, ROWS_MAX));
        }
        List<String> columns = List.of(table.columns());
        return new RunTable(
                path, columns, rows.stream().map(row -> row(path, columns, row)).toList());
    }

    private static RunTable.Row row(String path, List<String> columns, Row row) {
        String place = "%s, row with %s = %s".formatted(path, columns.get(0), row.get(0));
        return new RunTable.Row(
                place,
                IntStream.range(0, row.size())
                        .mapToObj(i ->
                                row.isNullAt(i) ? "" : row.getString(i)) // no number: refused where one is asked for
                        .toList());
    }

    @Override
    public void close() {
        spark.close();
    }
}
