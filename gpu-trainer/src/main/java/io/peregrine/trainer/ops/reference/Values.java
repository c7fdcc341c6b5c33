package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.tensor.Tensor;

/** Tensors as arrays of doubles, row-major without gaps. */
final class Values {
    private Values() {}

    /** A copy of all numbers. */
    static double[] of(Tensor tensor) {
        double[] values = new double[Math.multiplyExact(tensor.rows(), tensor.columns())];
        for (int row = 0, i = 0; row < tensor.rows(); row++) {
            for (int column = 0; column < tensor.columns(); column++, i++) {
                values[i] = tensor.get(row, column);
            }
        }
        return values;
    }

    /** Overwrites all numbers. */
    static void store(double[] values, Tensor tensor) {
        for (int row = 0, i = 0; row < tensor.rows(); row++) {
            for (int column = 0; column < tensor.columns(); column++, i++) {
                tensor.set(row, column, values[i]);
            }
        }
    }

    /** Adds to all numbers. */
    static void add(double[] values, Tensor tensor) {
        for (int row = 0, i = 0; row < tensor.rows(); row++) {
            for (int column = 0; column < tensor.columns(); column++, i++) {
                tensor.set(row, column, tensor.get(row, column) + values[i]);
            }
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double silu(double x) {
        return x * sigmoid(x);
    }

    /** Derivative of {@link #silu}. */
    static double siluSlope(double x) {
        double s = sigmoid(x);
        return s * (1 + x * (1 - s));
    }
}
