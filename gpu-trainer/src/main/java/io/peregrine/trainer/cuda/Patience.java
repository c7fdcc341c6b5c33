package io.peregrine.trainer.cuda;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Waits for what others have to do, but not for ever. */
final class Patience {
    /** As long as one kernel takes, so that little is lost by asking. */
    private static final Duration BETWEEN = Duration.ofNanos(50_000);

    private final Duration most;
    private final LongSupplier nanoTime;
    private final LongConsumer pause;

    /** @param most how long to wait at a time */
    Patience(Duration most) {
        this(most, System::nanoTime, LockSupport::parkNanos);
    }

    /** @param pause lets so many nanoseconds go by */
    Patience(Duration most, LongSupplier nanoTime, LongConsumer pause) {
        if (most.isNegative() || most.isZero()) {
            throw new IllegalArgumentException("patience = %s: must be above 0".formatted(most));
        }
        this.most = most;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** How long it waits at a time. */
    Duration most() {
        return most;
    }

    /**
     * Asks for a state until it is another one than {@code pending}.
     *
     * @return the last state, {@code pending} if the time is over or the thread was interrupted
     */
    int await(IntSupplier state, int pending) {
        long began = nanoTime.getAsLong();
        int now = state.getAsInt();
        while (now == pending
                && nanoTime.getAsLong() - began < most.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            pause.accept(BETWEEN.toNanos());
            now = state.getAsInt();
        }
        return now;
    }
}
