package io.peregrine.data.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times of one stage over the same documents, round by round: those of this thread's processor, which other programs
 * disturb little, and those of the wall.
 *
 * @param name what was timed
 * @param cpuSeconds by round
 * @param wallSeconds by round
 */
record StageTimes(String name, List<Double> cpuSeconds, List<Double> wallSeconds) {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final long WARM_UP_NANOS = 1_500_000_000L;
    private static final double NANOS = 1e9;

    /** @param run does its work on one document, for its result only */
    record Stage<T>(String name, Consumer<T> run) {}

    /**
     * Warms up every stage, and then runs all of them round by round, so that what disturbs one of them disturbs its
     * neighbours too.
     */
    static <T> List<StageTimes> measure(List<Stage<T>> stages, List<T> documents, int rounds) {
        List<StageTimes> times = new ArrayList<>();
        for (Stage<T> stage : stages) {
            times.add(new StageTimes(stage.name, new ArrayList<>(), new ArrayList<>()));
            long began = CLOCK.getCurrentThreadCpuTime();
            do {
                documents.forEach(stage.run);
            } while (CLOCK.getCurrentThreadCpuTime() - began < WARM_UP_NANOS);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < stages.size(); i++) {
                long cpu = CLOCK.getCurrentThreadCpuTime();
                long wall = System.nanoTime();
                documents.forEach(stages.get(i).run);
                times.get(i).cpuSeconds.add((CLOCK.getCurrentThreadCpuTime() - cpu) / NANOS);
                times.get(i).wallSeconds.add((System.nanoTime() - wall) / NANOS);
            }
        }
        return times;
    }

    double cpuMedian() {
        return median(cpuSeconds);
    }

    double wallMedian() {
        return median(wallSeconds);
    }

    /** Longest less shortest round, over the median one, of processor time. */
    double spread() {
        return (Collections.max(cpuSeconds) - Collections.min(cpuSeconds)) / cpuMedian();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
