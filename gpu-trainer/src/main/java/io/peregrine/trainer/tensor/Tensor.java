package io.peregrine.trainer.tensor;

/**
 * A block of numbers read as a matrix: the last axis is the columns, all axes before it are the rows.
 *
 * <p>Columns lie side by side; from one row to the next it is {@link #stride} numbers, so a range of columns is a tensor
 * too ({@link #columns(int, int)}) and shares the memory of the whole. Reading and writing go through {@code double} or
 * {@code float[]}; the fast operations look at the memory behind.
 *
 * <p>Thread: writing and reading the same numbers needs the caller's own order. Ownership: whoever keeps a tensor or a
 * view of it keeps its memory.
 */
public abstract class Tensor {
    private final DType dtype;
    private final Shape shape;
    private final int rows;
    private final int columns;
    private final int stride;
    private final long offset;

    /**
     * A view of memory that a subclass knows.
     *
     * @param stride numbers from one row to the next
     * @param offset of the first number in the memory behind
     */
    protected Tensor(DType dtype, Shape shape, int stride, long offset) {
        this.dtype = dtype;
        this.shape = shape;
        this.rows = shape.rows();
        this.columns = shape.columns();
        this.stride = stride;
        this.offset = offset;
    }

    /** A tensor of zeros in host memory. {@code dtype} is {@link DType#F32} or {@link DType#F64}. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return switch (dtype) {
            case F32 -> FloatTensor.zeros(shape);
            case F64 -> DoubleTensor.zeros(shape);
            default -> throw new IllegalArgumentException("dtype %s: host tensors are F32 or F64".formatted(dtype));
        };
    }

    /** Kind of the stored numbers. */
    public DType dtype() {
        return dtype;
    }

    /** Sizes of the axes. */
    public Shape shape() {
        return shape;
    }

    /** Product of all axes but the last. */
    public int rows() {
        return rows;
    }

    /** Size of the last axis. */
    public int columns() {
        return columns;
    }

    /** Numbers from the start of one row to the start of the next; more than {@link #columns()} for a view of columns. */
    public int stride() {
        return stride;
    }

    /** Bytes that its numbers take. */
    public final long bytes() {
        return shape.elements() * dtype.bytes();
    }

    /** Position of the first number in the memory behind. */
    public long offset() {
        return offset;
    }

    /** Position of a number in the memory behind. */
    public final long at(int row, int column) {
        return offset + (long) row * stride + column;
    }

    /** The rows {@code from} (inclusive) to {@code to} (exclusive), {@code (to - from, columns)}, sharing memory. */
    public final Tensor rows(int from, int to) {
        checkRange("rows", from, to, rows);
        return view(Shape.of(to - from, columns), stride, offset + (long) from * stride);
    }

    /** The columns {@code from} (inclusive) to {@code to} (exclusive), {@code (rows, to - from)}, sharing memory. */
    public final Tensor columns(int from, int to) {
        checkRange("columns", from, to, columns);
        return view(Shape.of(rows, to - from), stride, offset + from);
    }

    /** Whether numbers of others lie between its rows. */
    public final boolean hasGaps() {
        return rows > 1 && stride != columns;
    }

    /**
     * All numbers as one row, {@code (rows * columns)}, sharing memory.
     *
     * @throws IllegalStateException if this is a view of columns, whose rows do not touch
     */
    public final Tensor flat() {
        if (hasGaps()) {
            throw new IllegalStateException("%s is a view of columns and has no flat form".formatted(this));
        }
        return view(Shape.of(Math.multiplyExact(rows, columns)), Math.multiplyExact(rows, columns), offset);
    }

    /** The same memory, looked at in another way. */
    protected abstract Tensor view(Shape viewShape, int viewStride, long viewOffset);

    /** One number. */
    public abstract double get(int row, int column);

    /** Stores one number, rounded to this tensor's kind. */
    public abstract void set(int row, int column, double value);

    /** Copies {@code count} numbers of one row, from {@code column} on, rounded to float. */
    public abstract void read(int row, int column, float[] target, int targetOffset, int count);

    /** Overwrites {@code count} numbers of one row, from {@code column} on. */
    public abstract void write(int row, int column, float[] source, int sourceOffset, int count);

    /** Sets every number. */
    public void fill(double value) {
        for (int row = 0; row < rows; row++) {
            fillRow(row, value);
        }
    }

    /** Sets every number of a row. */
    protected abstract void fillRow(int row, double value);

    /** Copies every number of a tensor with as many rows and columns, whatever its kind. */
    public void copyFrom(Tensor source) {
        requireSameSize(source);
        for (int row = 0; row < rows; row++) {
            copyRow(row, source);
        }
    }

    /** Copies a row of a tensor with as many columns. */
    protected abstract void copyRow(int row, Tensor source);

    /** Whether single numbers can be read and written at no cost. */
    public boolean isOnHost() {
        return true;
    }

    /** This tensor, if its numbers can be read one by one at no cost, else a copy in host memory of a kind that loses nothing. */
    public Tensor onHost() {
        return this;
    }

    /** Copies every number into a tensor in host memory with as many rows and columns, and is done when it returns. */
    public void copyTo(Tensor host) {
        host.copyFrom(this);
    }

    /** Refuses to copy between tensors of different size. */
    public final void requireSameSize(Tensor source) {
        if (source.rows != rows || source.columns != columns) {
            throw new IllegalArgumentException("cannot copy %s into %s".formatted(source.shape, shape));
        }
    }

    /** All numbers in row-major order, rounded to float. */
    public float[] toFloats() {
        float[] all = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            read(row, 0, all, row * columns, columns);
        }
        return all;
    }

    @Override
    public String toString() {
        return "%s%s".formatted(dtype, shape);
    }

    private static void checkRange(String what, int from, int to, int size) {
        if (from < 0 || to < from || to > size) {
            throw new IndexOutOfBoundsException("%s %d..%d of %d".formatted(what, from, to, size));
        }
    }

    /** Elements of a host tensor, which must fit one buffer. */
    static int hostElements(DType dtype, Shape shape) {
        long elements = shape.elements();
        if (elements * dtype.bytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a host tensor of shape %s and kind %s takes %d bytes: must be < 2^31"
                    .formatted(shape, dtype, elements * dtype.bytes()));
        }
        return (int) elements;
    }
}
