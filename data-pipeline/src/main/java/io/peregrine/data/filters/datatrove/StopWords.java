package io.peregrine.data.filters.datatrove;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Counts which of some words have been met, by their hashes. */
final class StopWords {
    private final long[] keys;
    private final int[] numbers;
    private final boolean[] met;
    private final int shift;
    private int different;

    StopWords(Collection<String> words) {
        List<String> distinct = List.copyOf(new TreeSet<>(words));
        int bits = 34 - Integer.numberOfLeadingZeros(Math.max(1, distinct.size()));
        keys = new long[1 << bits];
        numbers = new int[1 << bits];
        met = new boolean[distinct.size()];
        shift = Long.SIZE - bits;
        for (int i = 0; i < distinct.size(); i++) {
            char[] word = distinct.get(i).toCharArray();
            long hash = Polynomial.hash(word, 0, word.length);
            int at = slot(hash);
            while (keys[at] != 0) {
                at = (at + 1) & (keys.length - 1);
            }
            keys[at] = hash;
            numbers[at] = i;
        }
    }

    private int slot(long hash) {
        return (int) ((hash * HashCounts.SPREAD) >>> shift);
    }

    /** Forgets what has been met. */
    void clear() {
        Arrays.fill(met, false);
        different = 0;
    }

    /** Notes a word by its hash. */
    void meet(long hash) {
        int at = slot(hash);
        while (keys[at] != 0) {
            if (keys[at] == hash) {
                different += met[numbers[at]] ? 0 : 1;
                met[numbers[at]] = true;
                return;
            }
            at = (at + 1) & (keys.length - 1);
        }
    }

    /** How many different ones have been met. */
    int different() {
        return different;
    }
}
