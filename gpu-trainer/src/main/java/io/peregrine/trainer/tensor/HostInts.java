package io.peregrine.trainer.tensor;

import java.util.Arrays;
import java.util.Objects;

/** Whole numbers in the JVM's own memory. */
public final class HostInts implements Ints {
    private final int[] values;
    private final int first;
    private final int size;

    /** Zeros. */
    public HostInts(int size) {
        this(new int[size], 0, size);
    }

    private HostInts(int[] values, int first, int size) {
        this.values = values;
        this.first = first;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void set(int... newValues) {
        if (newValues.length != size) {
            throw new IllegalArgumentException("%d numbers for %d places".formatted(newValues.length, size));
        }
        System.arraycopy(newValues, 0, values, first, size);
    }

    @Override
    public int[] get() {
        return Arrays.copyOfRange(values, first, first + size);
    }

    @Override
    public HostInts part(int from, int count) {
        Objects.checkFromIndexSize(from, count, size);
        return new HostInts(values, first + from, count);
    }
}
