package io.peregrine.trainer.tensor;

/** Doubles in a Java array: what the reference operations work on when they define what is right. */
public final class DoubleTensor extends Tensor {
    private final double[] doubles;

    private DoubleTensor(Shape shape, int stride, int offset, double[] doubles) {
        super(DType.F64, shape, stride, offset);
        this.doubles = doubles;
    }

    static DoubleTensor zeros(Shape shape) {
        return new DoubleTensor(shape, shape.columns(), 0, new double[hostElements(DType.F64, shape)]);
    }

    @Override
    DoubleTensor view(Shape viewShape, int viewStride, int viewOffset) {
        return new DoubleTensor(viewShape, viewStride, viewOffset, doubles);
    }

    @Override
    public double get(int row, int column) {
        return doubles[at(row, column)];
    }

    @Override
    public void set(int row, int column, double value) {
        doubles[at(row, column)] = value;
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        int start = at(row, column);
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = (float) doubles[start + i];
        }
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        int start = at(row, column);
        for (int i = 0; i < count; i++) {
            doubles[start + i] = source[sourceOffset + i];
        }
    }

    @Override
    void fillRow(int row, double value) {
        int start = at(row, 0);
        for (int i = 0; i < columns(); i++) {
            doubles[start + i] = value;
        }
    }

    @Override
    void copyRow(int row, Tensor source) {
        for (int column = 0; column < columns(); column++) {
            set(row, column, source.get(row, column));
        }
    }
}
