package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/**
 * Sums that several tasks contribute to: each task has a row of its own, and the rows are added in order afterwards, so
 * that the result does not depend on who ran when.
 */
final class Partials {
    private float[] values = new float[0];
    private int width;

    /** Makes room for {@code tasks} rows of {@code newWidth} zeros. */
    void reset(int tasks, int newWidth) {
        int size = Math.multiplyExact(tasks, newWidth);
        width = newWidth;
        if (values.length < size) {
            values = new float[size];
        } else {
            Arrays.fill(values, 0, size, 0);
        }
    }

    /** The array that holds all rows. */
    float[] values() {
        return values;
    }

    /** Where a task's row begins in {@link #values}. */
    int start(int task) {
        return task * width;
    }

    /** Adds {@code factor} times the sum over {@code tasks} rows of column {@code from + i} to number {@code i}. */
    void addTo(Tensor target, int tasks, int from, double factor) {
        for (int i = 0; i < target.columns(); i++) {
            double sum = 0;
            for (int task = 0; task < tasks; task++) {
                sum += values[start(task) + from + i];
            }
            target.set(0, i, target.get(0, i) + factor * sum);
        }
    }
}
