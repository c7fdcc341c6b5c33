package io.peregrine.trainer.ops.cpu;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that share the tasks of one operation; the caller is one of them.
 *
 * <p>Which thread runs which task is left to chance, so tasks must not depend on it: each writes only what is its own.
 *
 * <p>Thread: one caller at a time. Ownership: closing ends the threads.
 */
final class Workers implements AutoCloseable {
    /** One piece of an operation. */
    interface Task {
        /**
         * Does one piece.
         *
         * @param index which, {@code 0 <= index < count}
         * @param scratch memory of the running thread, holding anything
         */
        void run(int index, Scratch scratch);
    }

    /** What the threads are at. */
    private record Job(int count, Task task, AtomicInteger next, CountDownLatch helpers) {}

    private final Scratch own = new Scratch();
    private final int helperCount;
    private final Phaser start = new Phaser(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Job job;
    private volatile boolean closed;

    Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads = %d: must be >= 1".formatted(threads));
        }
        this.helperCount = threads - 1;
        for (int i = 0; i < helperCount; i++) {
            Thread thread = new Thread(this::help, "ops-cpu-" + (i + 1));
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Runs all tasks and returns when all are done. The first failure of a task is thrown here. */
    void run(int count, Task task) {
        if (helperCount == 0 || count == 1) {
            for (int index = 0; index < count; index++) {
                task.run(index, own);
            }
            return;
        }
        Job mine = new Job(count, task, new AtomicInteger(), new CountDownLatch(helperCount));
        job = mine;
        start.arrive();
        work(mine, own);
        awaitHelpers(mine);
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    private void work(Job current, Scratch scratch) {
        try {
            for (int i = current.next().getAndIncrement();
                    i < current.count();
                    i = current.next().getAndIncrement()) {
                current.task().run(i, scratch);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            current.next().set(current.count());
        }
    }

    private void help() {
        Scratch scratch = new Scratch();
        int phase = 0;
        while (true) {
            phase = start.awaitAdvance(phase);
            if (closed) {
                return;
            }
            Job current = job;
            work(current, scratch);
            current.helpers().countDown();
        }
    }

    private static void awaitHelpers(Job job) {
        boolean interrupted = false;
        while (true) {
            try {
                job.helpers().await();
                break;
            } catch (InterruptedException e) {
                // The tasks write into the caller's tensors: leaving before they end would let them race with what
                // follows.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        start.arrive();
    }
}
