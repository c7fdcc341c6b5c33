package io.peregrine.trainer.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a tensor's axes, outermost first, row-major.
 *
 * @param sizes one size per axis, each {@code >= 0}; empty for a single number
 */
public record Shape(List<Long> sizes) {
    public Shape {
        sizes = List.copyOf(sizes);
        for (long size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("shape %s: every size must be >= 0".formatted(sizes));
            }
        }
    }

    /** The shape with these sizes. */
    public static Shape of(long... sizes) {
        List<Long> list = new ArrayList<>(sizes.length);
        for (long size : sizes) {
            list.add(size);
        }
        return new Shape(list);
    }

    /** Number of axes. */
    public int rank() {
        return sizes.size();
    }

    /** Size of one axis. */
    public long size(int axis) {
        return sizes.get(axis);
    }

    /** Product of all sizes. */
    public long elements() {
        long product = 1;
        for (long size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Size of the last axis, 1 for a single number: the width of the tensor read as a matrix. */
    public int columns() {
        return sizes.isEmpty() ? 1 : Math.toIntExact(sizes.get(sizes.size() - 1));
    }

    /** Product of all axes but the last: the height of the tensor read as a matrix. */
    public int rows() {
        long product = 1;
        for (int axis = 0; axis < sizes.size() - 1; axis++) {
            product = Math.multiplyExact(product, sizes.get(axis));
        }
        return Math.toIntExact(product);
    }

    /** As configuration files and checkpoints print it, for example {@code [1024, 256]}. */
    @Override
    public String toString() {
        return sizes.toString();
    }
}
