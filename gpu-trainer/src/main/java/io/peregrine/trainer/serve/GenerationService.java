package io.peregrine.trainer.serve;

import io.peregrine.data.MachineException;
import io.peregrine.data.UserException;
import io.peregrine.trainer.cuda.CudaFatalException;
import io.peregrine.trainer.generate.GenerationListener;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.generate.GenerationRequest;
import io.peregrine.trainer.generate.TokenChoice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Texts of many askers for one {@link GenerationLoop}: they wait here in the order of their coming until there is a place.
 *
 * <p>Thread: {@link #run} is the loop's one thread; everything else may be called by any. Listeners are told by the loop's
 * thread. Memory: no more than {@code waitingMax} texts wait.
 */
final class GenerationService {
    private final GenerationLoop loop;
    private final int waitingMax;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private final List<Job> begun = new ArrayList<>(); // of the loop's thread
    private boolean closed;

    /**
     * A text and who wants it.
     *
     * @param failure told instead of the listener's end if the text cannot be continued
     */
    record Job(GenerationRequest request, GenerationListener listener, Consumer<RuntimeException> failure) {}

    GenerationService(GenerationLoop loop, int waitingMax) {
        this.loop = loop;
        this.waitingMax = waitingMax;
    }

    /**
     * Lets texts wait for their places.
     *
     * @throws ApiException if there are too many already, or the service is closed; none of them waits then
     */
    synchronized void submit(List<Job> jobs) {
        if (closed) {
            throw ApiException.of(503, "shutting_down", "the server is shutting down");
        }
        if (waiting.size() + jobs.size() > waitingMax) {
            throw ApiException.of(
                    429,
                    "too_many_requests",
                    "%d texts wait already and %d more are asked for: at most %d may wait; ask again later"
                            .formatted(waiting.size(), jobs.size(), waitingMax));
        }
        waiting.addAll(jobs);
        notifyAll();
    }

    /**
     * Continues texts until {@link #close}; those that are not whole then are given up.
     *
     * @throws RuntimeException if a step fails or the device is lost, which ends the service; all who wait are told before
     */
    void run() {
        try {
            while (awaitWork()) {
                admit();
                loop.step();
                begun.removeIf(job -> !job.listener().isWanted());
            }
            giveUp(ApiException.of(503, "shutting_down", "the server is shutting down"));
        } catch (RuntimeException | Error e) {
            close();
            giveUp(ApiException.of(500, "model_failed", "the model failed: " + e.getMessage()));
            throw e;
        }
    }

    /** Ends {@link #run} after the step it is at. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private synchronized boolean awaitWork() {
        while (!closed && waiting.isEmpty() && loop.running() == 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        return !closed;
    }

    private synchronized Job next() {
        return waiting.poll();
    }

    private void admit() {
        while (loop.hasRoom()) {
            Job job = next();
            if (job == null) {
                return;
            }
            if (!job.listener().isWanted()) {
                continue;
            }
            try {
                begun.add(job);
                loop.begin(job.request(), untilFinished(job));
            } catch (CudaFatalException e) {
                throw e; // nobody can be served any more
            } catch (MachineException e) { // too little memory for this text, say: not the asker's fault
                begun.remove(job);
                job.failure().accept(ApiException.of(500, "machine_failed", e.getMessage()));
            } catch (UserException e) {
                begun.remove(job);
                job.failure().accept(ApiException.of(400, "invalid_value", e.getMessage()));
            }
        }
    }

    /** The job's listener, which counts as begun until it is told of the end. */
    private GenerationListener untilFinished(Job job) {
        return new GenerationListener() {
            @Override
            public void token(TokenChoice token, String text) {
                job.listener().token(token, text);
            }

            @Override
            public void finished(Finish finish, String text) {
                begun.remove(job);
                job.listener().finished(finish, text);
            }

            @Override
            public boolean isWanted() {
                return job.listener().isWanted();
            }
        };
    }

    private void giveUp(ApiException reason) {
        List<Job> all = new ArrayList<>(begun);
        synchronized (this) {
            all.addAll(waiting);
            waiting.clear();
        }
        all.forEach(job -> job.failure().accept(reason));
    }
}
