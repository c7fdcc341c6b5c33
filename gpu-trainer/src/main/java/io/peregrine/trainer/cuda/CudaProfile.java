package io.peregrine.trainer.cuda;

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

    /** The operations met so far, by the words, sizes included, with which an error would name them. */
    public Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }
}
