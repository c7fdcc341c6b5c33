package io.peregrine.data.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Intermediate tables of a stage, written out and read back. A cached plan is printed and analysed again inside every
 * plan that uses it, which costs more than the rows once several are nested; a file ends the plan, and outlives a lost
 * executor.
 */
public final class ScratchTables implements AutoCloseable {
    private final Path folder;

    /** In this folder, which every executor sees; what was in it is deleted, now and when this is closed. */
    public ScratchTables(Path folder) {
        this.folder = folder;
        delete(folder);
    }

    /** The rows, computed once. */
    public Dataset<Row> table(String name, Dataset<Row> rows) {
        return written(rows, folder.resolve(name));
    }

    /** A folder inside. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    static Dataset<Row> written(Dataset<Row> rows, Path folder) {
        rows.write().mode(SaveMode.Overwrite).parquet(folder.toString());
        return rows.sparkSession().read().schema(rows.schema()).parquet(folder.toString());
    }

    /** Deletes the folder and all in it, if it is there. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    @Override
    public void close() {
        delete(folder);
    }
}
