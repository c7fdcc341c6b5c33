package io.peregrine.trainer.train;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long steps take: each from the end of the one before, so that waiting for a batch counts, as do the metrics and the
 * live line. What is measured and saved between two steps does not.
 *
 * <p>Work that a device still has when a step ends, which is the optimizer's at most, falls into the next one.
 *
 * <p>Thread: one.
 */
final class StepClock {
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private long began;
    private long waited;

    /**
     * What one step took.
     *
     * @param seconds of wall clock
     * @param loaderWaitSeconds for which no batch was ready, of these
     */
    record Lap(double seconds, double loaderWaitSeconds) {}

    /** Begins the first step. */
    StepClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** Waits for what a step needs before it can be done. */
    <T> T waitFor(Supplier<T> loader) {
        long asked = nanoTime.getAsLong();
        T loaded = loader.get();
        waited += nanoTime.getAsLong() - asked;
        return loaded;
    }

    /** Does what is no part of a step. */
    void apart(Runnable work) {
        long asked = nanoTime.getAsLong();
        work.run();
        began += nanoTime.getAsLong() - asked;
    }

    /** Ends a step, and begins the next. */
    Lap lap() {
        long ended = nanoTime.getAsLong();
        Lap lap = new Lap((ended - began) / NANOS, waited / NANOS);
        began = ended;
        waited = 0;
        return lap;
    }
}
