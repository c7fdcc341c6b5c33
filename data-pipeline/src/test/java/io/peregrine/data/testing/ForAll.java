package io.peregrine.data.testing;

import io.peregrine.data.seed.SeedStream;

/**
 * Seeded property checks for plain JUnit tests. A failure names the seed and the smallest size that fails, and
 * {@code -Dproperty.seed=… -Dproperty.size=…} replays exactly that case.
 */
public final class ForAll {
    private static final long BASE_SEED = Long.decode(System.getProperty("property.seed", "42"));
    private static final Integer FIXED_SIZE = Integer.getInteger("property.size");
    private static final int MAX_SIZE = 100;
    private static final String ASCII = " \n\tabcdefghijklmnopqrstuvwxyzABCXYZ0123456789.,;-'\"\\{}$";

    private ForAll() {}

    /** A property: throws if it does not hold for what it draws. */
    @FunctionalInterface
    public interface Check {
        void run(Gen gen) throws Throwable;
    }

    /** Draws from one seed; {@code size} bounds lengths, so that early cases are small. */
    public record Gen(SeedStream random, int size) {
        /** A whole number from {@code lo} to {@code hi}, both included. */
        public int between(int lo, int hi) {
            return lo + random.nextInt(hi - lo + 1);
        }

        /** A text of at most {@code size} code points, about one in ten of them outside ASCII. */
        public String text() {
            StringBuilder text = new StringBuilder();
            int length = between(0, size);
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(codePoint());
            }
            return text.toString();
        }

        private int codePoint() {
            if (random.nextInt(10) > 0) {
                return ASCII.codePointAt(between(0, ASCII.length() - 1));
            }
            int any = between(0x80, Character.MAX_CODE_POINT);
            return Character.getType(any) == Character.SURROGATE ? 0x20AC : any;
        }
    }

    /** Checks the property for {@code tries} seeds, the sizes growing from 0 to 100. */
    public static void forAll(int tries, Check check) {
        for (int i = 0; i < tries; i++) {
            long seed = BASE_SEED + i;
            int size = FIXED_SIZE != null ? FIXED_SIZE : Math.min(MAX_SIZE, i);
            if (failure(seed, size, check) != null) {
                throw smallest(i, tries, seed, size, check);
            }
        }
    }

    private static AssertionError smallest(int at, int tries, long seed, int size, Check check) {
        for (int smaller = 0; smaller <= size; smaller++) {
            Throwable failure = failure(seed, smaller, check);
            if (failure != null) {
                return new AssertionError(
                        "property failed at try %d of %d; rerun with -Dproperty.seed=%d -Dproperty.size=%d: %s"
                                .formatted(at, tries, seed, smaller, failure.getMessage()),
                        failure);
            }
        }
        return new AssertionError("property failed once at seed %d and size %d, then held: it is not deterministic"
                .formatted(seed, size));
    }

    private static Throwable failure(long seed, int size, Check check) {
        try {
            check.run(new Gen(SeedStream.of(seed), size));
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }
}
