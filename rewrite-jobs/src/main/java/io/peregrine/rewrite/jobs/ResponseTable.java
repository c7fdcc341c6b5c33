package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaTable;
import io.peregrine.data.jobs.DeltaVersions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The Delta table of responses: one row for each request that was ever sent, by its key. Runs may share one; a row is written
 * once, but that an answer takes the place of a failure.
 */
final class ResponseTable {
    /** Two runs that write at once meet; one of them reads anew and tries again. */
    private static final int WRITES_MAX = 20;

    private final SparkSession spark;
    private final String folder;

    /** Opens the table, made if it is not there. */
    ResponseTable(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = folder.toAbsolutePath().normalize().toString();
        DeltaTable.createIfNotExists(spark)
                .location(this.folder)
                .addColumns(ResponseRows.SCHEMA)
                .execute();
    }

    /** All rows as of now. */
    Dataset<Row> rows() {
        return spark.read()
                .format("delta")
                .option("versionAsOf", DeltaVersions.newest(spark, folder))
                .load(folder);
    }

    /** Keys of requests that need not be sent any more, as of now. */
    Dataset<Row> settled() {
        return rows().where(col("text").isNotNull().or(col("reason").isin(ResponseRows.SETTLING)))
                .select("key");
    }

    /** Adds responses, at most one of each key. Doing it twice does it once. */
    void add(Dataset<Row> responses) {
        Map<String, Column> columns = new HashMap<>();
        for (String name : ResponseRows.SCHEMA.fieldNames()) {
            columns.put(name, col("new." + name));
        }
        for (int write = 1; ; write++) {
            try {
                DeltaTable.forPath(spark, folder)
                        .as("old")
                        .merge(responses.as("new"), "old.key = new.key")
                        .whenMatched(
                                col("old.text").isNull().and(col("new.text").isNotNull()))
                        .update(columns)
                        .whenNotMatched()
                        .insert(columns)
                        .execute();
                return;
            } catch (DeltaConcurrentModificationException e) {
                if (write == WRITES_MAX) {
                    throw e;
                }
            }
        }
    }
}
