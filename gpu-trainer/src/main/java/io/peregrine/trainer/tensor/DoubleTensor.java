package io.peregrine.trainer.tensor;

/** Doubles in a Java array: what the reference operations work on when they define what is right. */
public final class DoubleTensor extends Tensor {
    private final double[] doubles;

    private DoubleTensor(Shape shape, int stride, long offset, double[] doubles) {
        super(DType.F64, shape, stride, offset);
        this.doubles = doubles;
    }

    static DoubleTensor zeros(Shape shape) {
        return new DoubleTensor(shape, shape.columns(), 0, new double[hostElements(DType.F64, shape)]);
    }

    @Override
    protected DoubleTensor view(Shape viewShape, int viewStride, long viewOffset) {
        return new DoubleTensor(viewShape, viewStride, viewOffset, doubles);
    }

    @Override
    public double get(int row, int column) {
        return doubles[index(row, column)];
    }

    @Override
    public void set(int row, int column, double value) {
        doubles[index(row, column)] = value;
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        int start = index(row, column);
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = (float) doubles[start + i];
        }
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        int start = index(row, column);
        for (int i = 0; i < count; i++) {
            doubles[start + i] = source[sourceOffset + i];
        }
    }

    @Override
    protected void fillRow(int row, double value) {
        int start = index(row, 0);
        for (int i = 0; i < columns(); i++) {
            doubles[start + i] = value;
        }
    }

    @Override
    protected void copyRow(int row, Tensor source) {
        for (int column = 0; column < columns(); column++) {
            set(row, column, source.get(row, column));
        }
    }

    private int index(int row, int column) {
        return (int) at(row, column); // host tensors have fewer than 2^31 numbers
    }
}
