package io.peregrine.data.dedup;

/**
 * MT19937 as numpy's {@code RandomState} seeds and reads it. Only here to derive the published MinHash coefficients; new
 * draws use {@code data.seed}.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura 1998</a>
 */
final class MersenneTwister {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    /** The generator after {@code init_genrand(seed)}. */
    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** A uniform draw from 0 to {@code max} inclusive: masked 64-bit draws, high half first, until one fits. */
    long drawUpTo(long max) {
        long mask = -1L >>> Long.numberOfLeadingZeros(max);
        long draw;
        do {
            long high = nextInt() & 0xFFFFFFFFL;
            long low = nextInt() & 0xFFFFFFFFL;
            draw = (high << 32 | low) & mask;
        } while (draw > max);
        return draw;
    }

    private int nextInt() {
        if (next == SIZE) {
            twist();
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7FFFFFFF);
            state[i] = state[(i + SHIFT) % SIZE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
    }
}
