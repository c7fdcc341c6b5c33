package io.peregrine.data.decontaminate;

import io.peregrine.data.ConfigException;
import java.util.Arrays;

/** Pairs of a run of words and an item, gathered in the order of items and then sorted by run. */
final class RunTable {
    private static final int RADIX_BITS = 16;

    private final int runsMax;
    private long[] runs = new long[1 << 12];
    private int[] items = new int[1 << 12];
    private int size;

    RunTable(int runsMax) {
        this.runsMax = runsMax;
    }

    void add(long run, int item) {
        if (size == runsMax) {
            throw new ConfigException(
                    "ngrams-max", runsMax, "the evaluation sets have more runs of words; raise it or take sets out");
        }
        if (size == runs.length) {
            int larger = (int) Math.min(2L * size, Math.max(runsMax, 1));
            runs = Arrays.copyOf(runs, larger);
            items = Arrays.copyOf(items, larger);
        }
        runs[size] = run;
        items[size++] = item;
    }

    int size() {
        return size;
    }

    long run(int index) {
        return runs[index];
    }

    int item(int index) {
        return items[index];
    }

    /** Sorts by run as an unsigned number; of one run, items stay in order. */
    void sort() {
        long[] otherRuns = new long[size];
        int[] otherItems = new int[size];
        for (int shift = 0; shift < Long.SIZE; shift += RADIX_BITS) {
            int[] places = new int[(1 << RADIX_BITS) + 1];
            for (int i = 0; i < size; i++) {
                places[digit(runs[i], shift) + 1]++;
            }
            for (int i = 1; i < places.length; i++) {
                places[i] += places[i - 1];
            }
            for (int i = 0; i < size; i++) {
                int place = places[digit(runs[i], shift)]++;
                otherRuns[place] = runs[i];
                otherItems[place] = items[i];
            }
            System.arraycopy(otherRuns, 0, runs, 0, size);
            System.arraycopy(otherItems, 0, items, 0, size);
        }
    }

    private static int digit(long run, int shift) {
        return (int) (run >>> shift) & ((1 << RADIX_BITS) - 1);
    }
}
