package io.peregrine.trainer.loader;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToIntFunction;

/**
 * Batch after batch from a position on, read ahead by a thread of its own.
 *
 * <p>Which batches come is decided by plan and position alone: reading further ahead, or having been stopped and begun
 * again at a position, changes nothing. At most {@code readAhead} batches wait in memory, besides the shard files that
 * {@link ShardStreams} holds.
 *
 * <p>Thread: {@link #next} for one caller. Ownership: closing stops the thread.
 */
public final class TokenBatches implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final ReadingOrder order;
    private final ShardStreams streams;
    private final LongToIntFunction sequencesOfStep;
    private final BlockingQueue<Loaded> ready;
    private final Thread reader;
    private volatile boolean closed;

    /**
     * A batch and where the next one begins.
     *
     * @param batch the sequences
     * @param next position of the plan behind the last sequence of the batch: what a resume begins with
     */
    public record Positioned(TokenBatch batch, long next) {}

    /** What the reader hands over: a batch, or the failure that ended reading. */
    private record Loaded(Positioned batch, Throwable failure) {}

    /**
     * Begins to read batches of one size.
     *
     * @param order which sequences; from here on used by the reader alone
     * @param streams the shards; from here on used by the reader alone
     * @param batchSequences sequences per batch
     * @param position of the plan to begin at
     * @param readAhead batches that may wait, at least 1
     */
    public TokenBatches(ReadingOrder order, ShardStreams streams, int batchSequences, long position, int readAhead) {
        this(order, streams, step -> batchSequences, 1, position, readAhead);
    }

    /**
     * Begins to read.
     *
     * @param order which sequences; from here on used by the reader alone
     * @param streams the shards; from here on used by the reader alone
     * @param sequencesOfStep sequences of each step's batch; asked by the reader
     * @param firstStep the step that the first batch is for
     * @param position of the plan to begin at
     * @param readAhead batches that may wait, at least 1
     */
    public TokenBatches(
            ReadingOrder order,
            ShardStreams streams,
            LongToIntFunction sequencesOfStep,
            long firstStep,
            long position,
            int readAhead) {
        this.order = order;
        this.streams = streams;
        this.sequencesOfStep = sequencesOfStep;
        this.ready = new ArrayBlockingQueue<>(readAhead);
        this.reader = new Thread(() -> readFrom(firstStep, position), "shard-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * The next batch.
     *
     * @throws io.peregrine.data.DataException naming table, shard and sequence if the shards cannot be read, or the
     *     position if the plan has ended
     */
    public Positioned next() {
        try {
            Loaded loaded = ready.take();
            if (loaded.failure() != null) {
                ready.add(loaded);
                throw rethrown(loaded.failure());
            }
            return loaded.batch();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private void readFrom(long firstStep, long begin) {
        long position = begin;
        try {
            for (long step = firstStep; !closed; step++) {
                TrainingOrder.Span span = order.from(position, sequencesOfStep.applyAsInt(step));
                position = span.next();
                hand(new Loaded(new Positioned(streams.read(span.sequences()), position), null));
            }
        } catch (RuntimeException | Error e) { // such as a heap that is too small: else nobody would come any more
            hand(new Loaded(null, e));
        }
    }

    private void hand(Loaded loaded) {
        try {
            boolean taken = false;
            while (!closed && !taken) {
                taken = ready.offer(loaded, POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the reader", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        ready.clear();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
