package io.peregrine.data.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** What a stage asks of this process and of Spark, from its opening to {@link #close}: memory, collection, shuffles. */
final class StageLoad extends SparkListener implements AutoCloseable {
    private static final double MEGA = 1e6;
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private final SparkSession spark;
    private final long collecting = collectionMillis();
    private final long computing = processNanos();
    private long shuffled;
    private long spilled;
    private long longestMillis;

    private StageLoad(SparkSession spark) {
        this.spark = spark;
    }

    /** Begins to watch. */
    static StageLoad watch(SparkSession spark) {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        StageLoad load = new StageLoad(spark);
        spark.sparkContext().addSparkListener(load);
        return load;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        TaskMetrics metrics = event.taskMetrics();
        if (metrics != null) {
            shuffled += metrics.shuffleWriteMetrics().bytesWritten();
            spilled += metrics.diskBytesSpilled();
            longestMillis = Math.max(longestMillis, event.taskInfo().duration());
        }
    }

    /** Most heap in use at any time, garbage included: the sum over the pools, which need not peak at once. */
    double heapMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MEGA;
    }

    double collectionSeconds() {
        return (collectionMillis() - collecting) / MILLIS;
    }

    synchronized double shuffledMegabytes() {
        return shuffled / MEGA;
    }

    synchronized double spilledMegabytes() {
        return spilled / MEGA;
    }

    synchronized double longestTaskSeconds() {
        return longestMillis / MILLIS;
    }

    /** Processor time of the whole process, compilation and collection included: what other programs disturb least. */
    double processorSeconds() {
        return (processNanos() - computing) / NANOS;
    }

    private static long processNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    @Override
    public void close() {
        spark.sparkContext().removeSparkListener(this);
    }
}
