package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;

/** Ranges of a text that belong to something, in order and without overlap; who comes first has them. */
final class Claims {
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int[] owners = new int[16];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    int owner(int index) {
        return owners[index];
    }

    /** Adds those of the ranges, themselves in order and without overlap, that touch none that is here. */
    void add(Spans ranges, int owner) {
        if (ranges.size() == 0) {
            return;
        }
        int[] mergedStarts = new int[size + ranges.size()];
        int[] mergedEnds = new int[mergedStarts.length];
        int[] mergedOwners = new int[mergedStarts.length];
        int merged = 0;
        int old = 0;
        for (int i = 0; i < ranges.size(); i++) {
            while (old < size && starts[old] < ranges.end(i)) {
                mergedStarts[merged] = starts[old];
                mergedEnds[merged] = ends[old];
                mergedOwners[merged++] = owners[old++];
            }
            if (old == 0 || ends[old - 1] <= ranges.start(i)) {
                mergedStarts[merged] = ranges.start(i);
                mergedEnds[merged] = ranges.end(i);
                mergedOwners[merged++] = owner;
            }
        }
        int rest = size - old;
        System.arraycopy(starts, old, mergedStarts, merged, rest);
        System.arraycopy(ends, old, mergedEnds, merged, rest);
        System.arraycopy(owners, old, mergedOwners, merged, rest);
        size = merged + rest;
        starts = mergedStarts;
        ends = mergedEnds;
        owners = mergedOwners;
    }

    /** The ranges without their owners. */
    void copyTo(Spans spans) {
        for (int i = 0; i < size; i++) {
            spans.add(starts[i], ends[i]);
        }
    }
}
