package io.peregrine.trainer.ops.plan;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/** A shape without numbers: writing does nothing, reading gives 0. */
final class PlannedTensor extends Tensor {
    PlannedTensor(DType dtype, Shape shape) {
        this(dtype, shape, shape.columns(), 0);
    }

    private PlannedTensor(DType dtype, Shape shape, int stride, long offset) {
        super(dtype, shape, stride, offset);
    }

    @Override
    protected Tensor view(Shape viewShape, int viewStride, long viewOffset) {
        return new PlannedTensor(dtype(), viewShape, viewStride, viewOffset);
    }

    @Override
    public double get(int row, int column) {
        return 0;
    }

    @Override
    public void set(int row, int column, double value) {
        // There is nothing to write to.
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        Arrays.fill(target, targetOffset, targetOffset + count, 0);
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        // There is nothing to write to.
    }

    @Override
    public void fill(double value) {
        // There is nothing to write to.
    }

    @Override
    protected void fillRow(int row, double value) {
        // There is nothing to write to.
    }

    @Override
    protected void copyRow(int row, Tensor source) {
        // There is nothing to write to.
    }
}
