package io.peregrine.trainer.spark;

import io.peregrine.data.progress.Progress;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Shows to the user of the driver how far a task in an executor has come: as often as Spark's heartbeats tell, every 10
 * seconds ({@code spark.executor.heartbeatInterval}), and when it has ended.
 *
 * <p>Thread: safe. Ownership: closing ends the listening, and what is shown.
 */
final class DriverProgress extends SparkListener implements AutoCloseable {
    private final SparkContext spark;
    private final Progress progress;
    private final TaskProgress task = new TaskProgress();
    private Reached shown = Reached.NOTHING;
    private Optional<Progress.Task> line = Optional.empty();
    private boolean closed;

    private DriverProgress(SparkContext spark, Progress progress) {
        this.spark = spark;
        this.progress = progress;
    }

    static DriverProgress watch(SparkContext spark, Progress progress) {
        DriverProgress watch = new DriverProgress(spark, progress);
        spark.register(watch.task, "training");
        spark.addSparkListener(watch);
        return watch;
    }

    /** For the task, which has it serialized. */
    TaskProgress task() {
        return task;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
        CollectionConverters.asJava(event.accumUpdates())
                .forEach(update -> CollectionConverters.asJava(update._4()).forEach(this::show));
    }

    private void show(AccumulableInfo info) {
        if (info.id() == task.id() && info.update().isDefined()) {
            show((Reached) info.update().get());
        }
    }

    private synchronized void show(Reached now) {
        if (closed || now.equals(shown) || now.equals(Reached.NOTHING)) {
            return;
        }
        if (line.isEmpty() || !now.goesOnFrom(shown)) {
            line.ifPresent(Progress.Task::close);
            line = Optional.of(progress.task(now.name(), now.unit(), now.total()));
            shown = new Reached(now.name(), now.unit(), now.total(), 0, "");
        }
        Progress.Task showing = line.orElseThrow();
        showing.say(now.note());
        showing.advance(now.done() - shown.done());
        shown = now;
    }

    @Override
    public synchronized void close() {
        spark.removeSparkListener(this);
        show(task.value());
        line.ifPresent(Progress.Task::close);
        closed = true; // an event may be on its way
    }
}
