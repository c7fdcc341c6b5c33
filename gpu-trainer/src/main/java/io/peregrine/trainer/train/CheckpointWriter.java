package io.peregrine.trainer.train;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.RunState;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Writes checkpoints while training goes on: training stops for a copy of the tensors into host memory, and a thread of
 * its own writes the copy. One is under way at a time; the next one waits for it.
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
    private final boolean inBackground;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "checkpoint");
        made.setDaemon(true);
        return made;
    });
    private Optional<CompletableFuture<CheckpointReport>> underWay = Optional.empty();

    /**
     * What is saved.
     *
     * @param weights parameters by name
     * @param moments the optimizer's, by name
     */
    record Tensors(Map<String, Tensor> weights, Map<String, Tensor> moments) {
        /** Copies in host memory, float32 as they are. */
        Tensors copies() {
            return new Tensors(copies(weights), copies(moments));
        }

        private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
            Map<String, Tensor> copies = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> {
                Tensor host = tensor.onHost();
                if (host == tensor) {
                    host = Tensor.zeros(tensor.dtype(), tensor.shape());
                    host.copyFrom(tensor);
                }
                copies.put(name, host);
            });
            return copies;
        }
    }

    /** Writes the files of a checkpoint. */
    @FunctionalInterface
    interface Content {
        void write(Tensors tensors, Path emptyFolder) throws IOException;
    }

    /** @param inBackground whether to go on before a checkpoint is on disk */
    CheckpointWriter(Checkpoints checkpoints, boolean inBackground) {
        this.checkpoints = checkpoints;
        this.inBackground = inBackground;
    }

    /**
     * Writes a checkpoint, at once or soon.
     *
     * @param after done when it is on disk, on the thread that wrote it
     * @return what became of the one before, if that has not been told yet; of this one if it was written at once
     */
    Optional<CheckpointReport> write(RunState state, Tensors tensors, Content content, Runnable after) {
        long began = System.nanoTime();
        Optional<CheckpointReport> before = finish();
        if (!inBackground) {
            writeNow(state, tensors, content, after);
            double seconds = seconds(began);
            return Optional.of(new CheckpointReport(state.step(), seconds, seconds));
        }
        Tensors copies = copies(tensors);
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

    private static Tensors copies(Tensors tensors) {
        try {
            return tensors.copies();
        } catch (OutOfMemoryError e) {
            long bytes = Stream.concat(tensors.weights().values().stream(), tensors.moments().values().stream())
                    .mapToLong(
                            tensor -> tensor.shape().elements() * tensor.dtype().bytes())
                    .sum();
            throw new ConfigException(
                    ("train.checkpoints.background: a copy of the weights and moments takes %,d MiB of host memory, and"
                                    + " this process may have %,d MiB; raise PEREGRINE_MEMORY (of an"
                                    + " executor spark.executor.memory), or set it to false")
                            .formatted(bytes >> 20, Runtime.getRuntime().maxMemory() >> 20));
        }
    }

    private void writeNow(RunState state, Tensors tensors, Content content, Runnable after) {
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
