package io.peregrine.trainer.bench;

import java.util.Arrays;

/**
 * How long the same work took, in seconds, time after time.
 *
 * @param median what counts
 */
record Timing(double median, double fastest, double slowest) {
    private static final double NANOS = 1e9;

    Timing {
        if (!(0 <= fastest && fastest <= median && median <= slowest)) {
            throw new IllegalArgumentException(
                    "fastest, median, slowest " + fastest + ", " + median + ", " + slowest + ": must rise");
        }
    }

    /** @param seconds at least one; an even number of them has the upper median */
    static Timing of(double... seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Timing(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * Runs and times.
     *
     * @param warmUps runs that come first and are not timed
     * @param rounds runs that are timed, at least one
     * @param work returns when it is done: work for a device waits for the device
     */
    static Timing measure(int warmUps, int rounds, Runnable work) {
        for (int i = 0; i < warmUps; i++) {
            work.run();
        }
        double[] seconds = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            work.run();
            seconds[round] = (System.nanoTime() - start) / NANOS;
        }
        return of(seconds);
    }

    /** So many things were done each time: how many a second, by the median. */
    double perSecond(long things) {
        return things / median;
    }
}
