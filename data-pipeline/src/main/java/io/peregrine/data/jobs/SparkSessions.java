package io.peregrine.data.jobs;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens Spark sessions that know Delta. What spark-submit or {@code -Dspark.…} sets is left as it is. */
public final class SparkSessions {
    private static final String RETENTION = "interval 3650 days";

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("spark.master", "local[*]"),
            Map.entry("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension"),
            Map.entry("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"),
            Map.entry("spark.ui.enabled", "false"),
            Map.entry("spark.ui.showConsoleProgress", "false"),
            Map.entry("spark.sql.session.timeZone", "UTC"),
            // Manifests name table versions, and Delta refuses to read a version older than its retention (7 days if
            // nothing is said), vacuumed or not.
            Map.entry("spark.databricks.delta.properties.defaults.deletedFileRetentionDuration", RETENTION),
            Map.entry("spark.databricks.delta.properties.defaults.logRetentionDuration", RETENTION),
            // A task that runs twice at once writes its files twice.
            Map.entry("spark.speculation", "false"));

    /** What suits one machine: Delta's defaults are for clusters and cost a minute per small table. */
    private static final Map<String, String> LOCAL_SETTINGS = Map.of(
            "spark.sql.shuffle.partitions", "8",
            "spark.databricks.delta.snapshotPartitions", "2",
            // How many queries are kept compiled: a stage has more than Spark's 100, and repeats most of them.
            "spark.sql.codegen.cache.maxEntries", "2000",
            "spark.sql.sources.parallelPartitionDiscovery.parallelism", "4",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1");

    private SparkSessions() {}

    /** The session of this process, opened if it is not open yet. */
    public static SparkSession open(String applicationName) {
        SparkConf conf = new SparkConf();
        conf.setIfMissing("spark.app.name", applicationName);
        SETTINGS.forEach(conf::setIfMissing);
        if (conf.get("spark.master").startsWith("local")) {
            LOCAL_SETTINGS.forEach(conf::setIfMissing);
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
