package io.peregrine.data.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether what reads a text takes time and memory linear in it.
 *
 * <p>Four times the text may take up to {@value #GROWTH_MAX} times the processor time and the memory of this thread; a
 * quadratic reader takes sixteen times both. Short times say nothing and count as linear, and a long one counts only if it
 * is measured three times in a row: what the machine does besides is in no other way a part of the result.
 */
public final class LinearCost {
    private static final double GROWTH_MAX = 8;
    private static final long NANOS_MIN = 25_000_000;
    private static final long BYTES_MIN = 8 << 20;
    private static final int TRIES = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private LinearCost() {}

    /** The poisons that a reader takes more than linear time or memory for, each with what it takes. */
    public static List<String> superlinear(Consumer<String> reader, Map<String, PoisonTexts.Text> poisons, int length) {
        List<String> found = new ArrayList<>();
        poisons.forEach((name, poison) -> {
            String fault = "";
            for (int i = 0; i < TRIES && (i == 0 || !fault.isEmpty()); i++) {
                Cost small = Cost.of(reader, poison.ofLength(length));
                Cost large = Cost.of(reader, poison.ofLength(4 * length));
                fault = large.isMoreThanLinear(small)
                        ? "%s: %s, and %s for 4 times that".formatted(name, small, large)
                        : "";
            }
            if (!fault.isEmpty()) {
                found.add(fault);
            }
        });
        return found;
    }

    private record Cost(int length, long nanos, long bytes) {
        static Cost of(Consumer<String> reader, String text) {
            long thread = Thread.currentThread().getId();
            long bytes = THREADS.getThreadAllocatedBytes(thread);
            long nanos = THREADS.getCurrentThreadCpuTime();
            try {
                reader.accept(text);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(
                        "%d characters that begin with %s".formatted(text.length(), text.substring(0, 20)), e);
            }
            return new Cost(
                    text.length(),
                    THREADS.getCurrentThreadCpuTime() - nanos,
                    THREADS.getThreadAllocatedBytes(thread) - bytes);
        }

        boolean isMoreThanLinear(Cost small) {
            return (nanos > NANOS_MIN && nanos > GROWTH_MAX * small.nanos)
                    || (bytes > BYTES_MIN && bytes > GROWTH_MAX * small.bytes);
        }

        @Override
        public String toString() {
            return "%d ms and %d KiB for %d characters".formatted(nanos / 1_000_000, bytes >> 10, length);
        }
    }
}
