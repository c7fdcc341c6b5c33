package io.peregrine.trainer.spark;

import io.peregrine.data.ConfigException;
import io.peregrine.data.UserException;
import io.peregrine.trainer.cuda.CudaBusyException;
import io.peregrine.trainer.train.MemoryPlan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a device that a process which has ended still has: the driver takes it back some moments after the process is
 * gone, and Spark may have replaced the executor by then.
 *
 * <p>What is done is done again from its beginning: it is to have changed nothing when it finds the device busy.
 */
final class BusyDevice {
    private static final Logger LOG = LoggerFactory.getLogger(BusyDevice.class);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final Predicate<UserException> mayPass;
    private final LongSupplier nanoTime;
    private final Pause pause;

    /** Lets time go by. */
    @FunctionalInterface
    interface Pause {
        void last(Duration duration) throws InterruptedException;
    }

    /** @param mayPass whether a failure says that others have the device */
    BusyDevice(Predicate<UserException> mayPass, LongSupplier nanoTime, Pause pause) {
        this.mayPass = mayPass;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** @param again whether this task has been tried before, so that its settings fit once the device is free */
    static BusyDevice waitingForAnEarlierExecutor(boolean again) {
        return new BusyDevice(
                failure -> mayPass(failure, again),
                System::nanoTime,
                duration -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()));
    }

    /** A device that cannot be opened, or one that has too little memory now but had enough before. */
    static boolean mayPass(UserException failure, boolean again) {
        return failure instanceof CudaBusyException
                || (again
                        && failure instanceof ConfigException refused
                        && refused.key().equals(MemoryPlan.KEY));
    }

    /**
     * Does something with the device as soon as it is free.
     *
     * @throws UserException that it threw, if that is another one, or still the same after half a minute
     */
    void open(Runnable work) {
        long began = nanoTime.getAsLong();
        while (true) {
            try {
                work.run();
                return;
            } catch (UserException e) {
                if (!mayPass.test(e) || nanoTime.getAsLong() - began >= MOST.toNanos()) {
                    throw e;
                }
                LOG.warn("tries again in {} s: {}", BETWEEN.toSeconds(), e.getMessage());
                pause(e);
            }
        }
    }

    private void pause(UserException busy) {
        try {
            pause.last(BETWEEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy;
        }
    }
}
