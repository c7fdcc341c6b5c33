package io.peregrine.data.jobs;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import scala.Option;

/** Versions of Delta tables. */
public final class DeltaVersions {
    private DeltaVersions() {}

    /**
     * The newest version of a table, from the names of the log's files: the table's history would say it too, by a query
     * of its own.
     *
     * @param table folder of the table
     * @return from 0; -1 if there is no table
     */
    public static long newest(SparkSession spark, String table) {
        return DeltaLog.forTable(spark, table)
                .update(false, Option.empty(), Option.empty())
                .version();
    }
}
