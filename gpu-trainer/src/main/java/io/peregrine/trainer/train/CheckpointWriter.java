package io.peregrine.trainer.train;

import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes checkpoints while training goes on: training stops for a copy of the tensors into host memory, and a thread of
 * its own writes the copy. One is under way at a time, for there is one {@link Snapshot}; the next one waits for it.
 *
 * <p>The bytes are those of a write in place. A process that is killed meanwhile has the checkpoint before. A write that
 * failed ends the run at the next step.
 *
 * <p>Thread: one, besides its own. Ownership: closing waits for what is under way and tells of nothing: call
 * {@link #finish} first.
 */
final class CheckpointWriter implements AutoCloseable {
    private static final double NANOS = 1e9;

    private final Checkpoints checkpoints;
    private final Optional<Snapshot> snapshot;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "checkpoint");
        made.setDaemon(true);
        return made;
    });
    private Optional<CompletableFuture<CheckpointReport>> underWay = Optional.empty();

    /** Writes the files of a checkpoint. */
    @FunctionalInterface
    interface Content {
        void write(TrainedTensors tensors, Path emptyFolder) throws IOException;
    }

    /** @param snapshot of what is to be written, for training to go on before a checkpoint is on disk; without it waits */
    CheckpointWriter(Checkpoints checkpoints, Optional<Snapshot> snapshot) {
        this.checkpoints = checkpoints;
        this.snapshot = snapshot;
    }

    /**
     * Writes a checkpoint, at once or soon.
     *
     * @param after done when it is on disk, on the thread that wrote it
     * @return what became of the one before, if that has not been told yet; of this one if it was written at once
     */
    Optional<CheckpointReport> write(RunState state, TrainedTensors tensors, Content content, Runnable after) {
        long began = System.nanoTime();
        Optional<CheckpointReport> before = finish();
        if (snapshot.isEmpty()) {
            writeNow(state, tensors, content, after);
            double seconds = seconds(began);
            return Optional.of(new CheckpointReport(state.step(), seconds, seconds));
        }
        TrainedTensors copies = snapshot.get().take(tensors);
        double paused = seconds(began);
        underWay = Optional.of(CompletableFuture.supplyAsync(
                () -> {
                    long writing = System.nanoTime();
                    writeNow(state, copies, content, after);
                    return new CheckpointReport(state.step(), paused, seconds(writing));
                },
                thread));
        return before;
    }

    private void writeNow(RunState state, TrainedTensors tensors, Content content, Runnable after) {
        checkpoints.write(state, folder -> content.write(tensors, folder));
        after.run();
    }

    /**
     * What became of the one under way if it has ended: to be asked at every step, so that a failure is told soon.
     *
     * @return nothing while one is under way, or none is
     */
    Optional<CheckpointReport> ended() {
        return underWay.filter(CompletableFuture::isDone).isPresent() ? finish() : Optional.empty();
    }

    /**
     * Waits for what is under way.
     *
     * @return what became of it, if anything was
     */
    Optional<CheckpointReport> finish() {
        Optional<CompletableFuture<CheckpointReport>> last = underWay;
        underWay = Optional.empty();
        try {
            return last.map(CompletableFuture::join);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        underWay.ifPresent(last -> last.handle((report, failure) -> report).join());
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / NANOS;
    }
}
