package io.peregrine.data.tokenizer;

import java.util.Arrays;

/** Which pairs a word has gained and lost by a merge, in the order in which it happened; used again and again. */
final class PairChanges {
    private long[] pairs = new long[64];
    private int[] deltas = new int[64];
    private int size;

    void clear() {
        size = 0;
    }

    void add(long pair, int delta) {
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * size);
            deltas = Arrays.copyOf(deltas, 2 * size);
        }
        pairs[size] = pair;
        deltas[size++] = delta;
    }

    int size() {
        return size;
    }

    long pair(int i) {
        return pairs[i];
    }

    /** 1 or -1. */
    int delta(int i) {
        return deltas[i];
    }
}
