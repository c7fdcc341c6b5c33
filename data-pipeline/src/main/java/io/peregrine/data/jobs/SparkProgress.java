package io.peregrine.data.jobs;

import io.peregrine.data.manifest.Stage;
import io.peregrine.data.progress.Progress;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Feeds a progress line from Spark's own events: rows read and written by finished tasks, and how many tasks of the
 * Spark stages under way are done.
 */
final class SparkProgress extends SparkListener implements AutoCloseable {
    private final SparkSession spark;
    private final Progress.Task task;
    private int tasksUnderWay;
    private int tasksDone;

    private SparkProgress(SparkSession spark, Progress.Task task) {
        this.spark = spark;
        this.task = task;
    }

    static SparkProgress watch(SparkSession spark, Progress progress, Stage stage) {
        String name = stage.folder().substring(stage.folder().indexOf('-') + 1);
        SparkProgress watch = new SparkProgress(spark, progress.task(name, "rows", Progress.UNKNOWN));
        spark.sparkContext().addSparkListener(watch);
        return watch;
    }

    /** Says in the summary what came of it. */
    void finished(StageJob.Outcome outcome) {
        StringBuilder said = new StringBuilder();
        outcome.outputs().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .filter(output -> output.getValue().version() >= 0)
                .forEach(output -> said.append(said.isEmpty() ? "" : ", ")
                        .append(output.getKey())
                        .append(' ')
                        .append(output.getValue().rows()));
        task.say(said.toString());
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        tasksUnderWay += event.stageInfo().numTasks();
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        tasksDone++;
        task.say("tasks %d of %d".formatted(tasksDone, tasksUnderWay));
        TaskMetrics metrics = event.taskMetrics();
        if (metrics != null) {
            task.advance(metrics.inputMetrics().recordsRead()
                    + metrics.outputMetrics().recordsWritten());
        }
    }

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted event) {
        int tasks = event.stageInfo().numTasks();
        tasksUnderWay -= tasks;
        tasksDone = Math.max(0, tasksDone - tasks);
    }

    @Override
    public void close() {
        spark.sparkContext().removeSparkListener(this);
        task.close();
    }
}
