package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Half-open ranges of a text in UTF-16 units, in order; a buffer to be used again and again. */
public final class Spans {
    private int[] starts = new int[1024];
    private int[] ends = new int[1024];
    private int size;

    /** Forgets the ranges. */
    public void clear() {
        size = 0;
    }

    /** Adds a range behind the others. */
    public void add(int start, int end) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        starts[size] = start;
        ends[size] = end;
        size++;
    }

    public int size() {
        return size;
    }

    public int start(int index) {
        return starts[index];
    }

    public int end(int index) {
        return ends[index];
    }

    public int length(int index) {
        return ends[index] - starts[index];
    }

    /** The ranges as strings. */
    public List<String> words(CharSequence text) {
        List<String> words = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            words.add(text.subSequence(starts[i], ends[i]).toString());
        }
        return words;
    }
}
