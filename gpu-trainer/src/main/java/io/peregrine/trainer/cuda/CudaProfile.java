package io.peregrine.trainer.cuda;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Seconds by kind of operation.
 *
 * <p>Each operation is waited for, so that its time is its own and that of its launch, some ten microseconds; operations
 * that would overlap do not.
 */
public final class CudaProfile {
    private static final double NANOS = 1e9;

    private final Runnable wait;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long last;

    /** What was measured of one kind of operation. */
    public record Entry(double seconds, long calls) {
        Entry plus(double more) {
            return new Entry(seconds + more, calls + 1);
        }
    }

    CudaProfile(Runnable wait) {
        this.wait = wait;
        wait.run();
        this.last = System.nanoTime();
    }

    /** Counts the time since the last operation as this one's; the time its words take is nobody's. */
    void done(Supplier<String> operation) {
        wait.run();
        Entry entry = new Entry((System.nanoTime() - last) / NANOS, 1);
        entries.merge(operation.get(), entry, (sum, one) -> sum.plus(one.seconds()));
        last = System.nanoTime();
    }

    /** A table, the most expensive first. */
    public void print(PrintWriter out) {
        double total = entries.values().stream().mapToDouble(Entry::seconds).sum();
        out.printf("%n%-100s %9s %7s %7s%n", "operation, each waited for", "ms", "calls", "share");
        entries.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue().seconds()))
                .forEach(entry -> out.printf(
                        "%-100s %9.2f %7d %6.1f %%%n",
                        entry.getKey(),
                        1e3 * entry.getValue().seconds(),
                        entry.getValue().calls(),
                        100 * entry.getValue().seconds() / total));
        out.printf("%-100s %9.2f%n", "sum", 1e3 * total);
    }
}
