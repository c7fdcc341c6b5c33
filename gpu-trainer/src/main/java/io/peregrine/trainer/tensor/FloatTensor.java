package io.peregrine.trainer.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Floats outside the Java heap, where a native library can work on them in place.
 *
 * <p>Loops copy rows into a {@code float[]} and back ({@link #read}, {@link #write}): the just-in-time compiler turns
 * loops over arrays into vector instructions, and loops over buffers into scalar ones.
 */
public final class FloatTensor extends Tensor {
    private final FloatBuffer floats;

    private FloatTensor(Shape shape, int stride, long offset, FloatBuffer floats) {
        super(DType.F32, shape, stride, offset);
        this.floats = floats;
    }

    static FloatTensor zeros(Shape shape) {
        int elements = hostElements(DType.F32, shape);
        FloatBuffer floats = ByteBuffer.allocateDirect(elements * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        return new FloatTensor(shape, shape.columns(), 0, floats);
    }

    /**
     * Floats in memory that somebody else has got.
     *
     * @param floats direct, in the machine's byte order; at least as many as the shape has
     */
    public static FloatTensor of(Shape shape, FloatBuffer floats) {
        if (floats.capacity() < hostElements(DType.F32, shape)) {
            throw new IllegalArgumentException("%d floats for shape %s".formatted(floats.capacity(), shape));
        }
        return new FloatTensor(shape, shape.columns(), 0, floats);
    }

    /** The memory behind this tensor and all its views; position and limit are never changed. */
    public FloatBuffer memory() {
        return floats;
    }

    @Override
    protected FloatTensor view(Shape viewShape, int viewStride, long viewOffset) {
        return new FloatTensor(viewShape, viewStride, viewOffset, floats);
    }

    @Override
    public double get(int row, int column) {
        return floats.get(index(row, column));
    }

    @Override
    public void set(int row, int column, double value) {
        floats.put(index(row, column), (float) value);
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        floats.get(index(row, column), target, targetOffset, count);
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        floats.put(index(row, column), source, sourceOffset, count);
    }

    @Override
    protected void fillRow(int row, double value) {
        int start = index(row, 0);
        for (int i = 0; i < columns(); i++) {
            floats.put(start + i, (float) value);
        }
    }

    @Override
    protected void copyRow(int row, Tensor source) {
        if (source instanceof FloatTensor same) {
            floats.put(index(row, 0), same.floats, same.index(row, 0), columns());
        } else {
            for (int column = 0; column < columns(); column++) {
                set(row, column, source.get(row, column));
            }
        }
    }

    private int index(int row, int column) {
        return (int) at(row, column); // host tensors have fewer than 2^31 numbers
    }
}
