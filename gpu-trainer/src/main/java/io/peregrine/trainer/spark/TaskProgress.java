package io.peregrine.trainer.spark;

import io.peregrine.data.progress.Progress;
import org.apache.spark.util.AccumulatorV2;

/**
 * The progress of a task, one piece of work at a time, on its way to the driver: an executor's heartbeats carry it while
 * the task runs ({@link DriverProgress}), and the task's result brings it in the end.
 *
 * <p>Thread: written by the task's, read by the one of the heartbeats.
 */
final class TaskProgress extends AccumulatorV2<Reached, Reached> implements Progress {
    private static final long serialVersionUID = 1L;

    private volatile Reached reached = Reached.NOTHING;

    @Override
    public Task task(String name, String unit, long total) {
        add(new Reached(name, unit, total, 0, ""));
        return new Task() {
            @Override
            public void advance(long done) {
                add(reached.advanced(done));
            }

            @Override
            public void say(String note) {
                add(reached.saying(note));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void add(Reached now) {
        reached = now;
    }

    @Override
    public Reached value() {
        return reached;
    }

    @Override
    public boolean isZero() {
        return reached.equals(Reached.NOTHING);
    }

    @Override
    public void reset() {
        reached = Reached.NOTHING;
    }

    @Override
    public TaskProgress copy() {
        TaskProgress copy = new TaskProgress();
        copy.reached = reached;
        return copy;
    }

    @Override
    public void merge(AccumulatorV2<Reached, Reached> other) {
        if (!other.isZero()) {
            reached = other.value();
        }
    }
}
