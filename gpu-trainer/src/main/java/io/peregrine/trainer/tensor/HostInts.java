package io.peregrine.trainer.tensor;

/** Whole numbers in the JVM's own memory. */
public final class HostInts implements Ints {
    private final int[] values;

    /** Zeros. */
    public HostInts(int size) {
        this.values = new int[size];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public void set(int... newValues) {
        if (newValues.length != values.length) {
            throw new IllegalArgumentException("%d numbers for %d places".formatted(newValues.length, values.length));
        }
        System.arraycopy(newValues, 0, values, 0, values.length);
    }

    @Override
    public int[] get() {
        return values.clone();
    }
}
