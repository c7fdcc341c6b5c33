package io.peregrine.trainer.cuda;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.FloatTensor;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;

/**
 * Numbers in a device's memory, {@link DType#F32} or {@link DType#BF16}.
 *
 * <p>Reading waits for the device. Single numbers are slow to reach: take {@link #onHost} to look at many.
 *
 * <p>A tensor of parameters also has a copy of its numbers rounded to bf16, which matrix products read. Whoever writes the
 * numbers through this class makes the copy stale, and it is made anew when it is asked for; the optimizer writes both.
 */
public final class DeviceTensor extends Tensor {
    private static final long UPLOAD_NUMBERS = 1L << 22;

    private final Storage storage;

    /** Memory that views share. */
    static final class Storage {
        private final CudaDevice device;
        private final DType dtype;
        private final int rows;
        private final int columns;
        private final long address;
        private final long rounded;
        private boolean stale;

        Storage(CudaDevice device, DType dtype, Shape shape, boolean withRounded) {
            this.device = device;
            this.dtype = dtype;
            this.rows = shape.rows();
            this.columns = shape.columns();
            long elements = shape.elements();
            String what = "a tensor of shape %s and kind %s".formatted(shape, dtype);
            this.address = device.allocate(this, elements * dtype.bytes(), what);
            this.rounded = withRounded
                    ? device.allocate(this, elements * DType.BF16.bytes(), "the rounded copy of " + what)
                    : 0;
        }

        boolean hasRounded() {
            return rounded != 0;
        }

        /** Makes the rounded copy anew if there is one and it is stale. */
        void refresh() {
            if (stale) {
                device.check(
                        Native.copy(
                                device.handle(),
                                CudaDevice.kind(DType.F32),
                                address,
                                columns,
                                CudaDevice.kind(DType.BF16),
                                rounded,
                                columns,
                                rows,
                                columns),
                        "rounding of parameters");
                stale = false;
            }
        }
    }

    private DeviceTensor(Storage storage, Shape shape, int stride, long offset) {
        super(storage.dtype, shape, stride, offset);
        this.storage = storage;
    }

    static DeviceTensor zeros(CudaDevice device, DType dtype, Shape shape, boolean withRounded) {
        return new DeviceTensor(new Storage(device, dtype, shape, withRounded), shape, shape.columns(), 0);
    }

    /** Address of the first number. */
    public long address() {
        storage.device.used(storage);
        return storage.address + offset() * dtype().bytes();
    }

    /** Address of a row's first number. */
    public long address(int row) {
        storage.device.used(storage);
        return storage.address + at(row, 0) * dtype().bytes();
    }

    /** Whether the numbers are there in bf16: as they are, or as a rounded copy. */
    public boolean hasRounded() {
        return dtype() == DType.BF16 || storage.hasRounded();
    }

    /** Address of the first number in bf16, of a copy that is made anew if it is stale; 0 without one. */
    public long roundedAddress() {
        if (dtype() == DType.BF16) {
            return address();
        }
        if (!storage.hasRounded()) {
            return 0;
        }
        storage.device.used(storage);
        storage.refresh();
        return storage.rounded + offset() * DType.BF16.bytes();
    }

    /** How {@link Native} names this tensor's kind. */
    public int kind() {
        return CudaDevice.kind(dtype());
    }

    private CudaDevice device() {
        return storage.device;
    }

    /** Told when the numbers were written by other means than this class. */
    void written() {
        storage.stale = storage.hasRounded();
    }

    @Override
    protected DeviceTensor view(Shape viewShape, int viewStride, long viewOffset) {
        return new DeviceTensor(storage, viewShape, viewStride, viewOffset);
    }

    @Override
    public double get(int row, int column) {
        float[] one = new float[1];
        read(row, column, one, 0, 1);
        return one[0];
    }

    @Override
    public void set(int row, int column, double value) {
        write(row, column, new float[] {(float) value}, 0, 1);
    }

    @Override
    public void read(int row, int column, float[] target, int targetOffset, int count) {
        if (dtype() == DType.F32) {
            long from = storage.address + at(row, column) * Float.BYTES;
            check(Native.downloadFloats(device().handle(), from, target, targetOffset, count), "reading");
        } else {
            DeviceTensor exact = device().zeros(DType.F32, Shape.of(count));
            copy(rows(row, row + 1).columns(column, column + count), exact);
            exact.read(0, 0, target, targetOffset, count);
        }
    }

    @Override
    public void write(int row, int column, float[] source, int sourceOffset, int count) {
        if (dtype() == DType.F32) {
            long to = storage.address + at(row, column) * Float.BYTES;
            check(Native.uploadFloats(device().handle(), to, source, sourceOffset, count), "writing");
        } else {
            DeviceTensor exact = device().zeros(DType.F32, Shape.of(count));
            exact.write(0, 0, source, sourceOffset, count);
            copy(exact, (DeviceTensor) rows(row, row + 1).columns(column, column + count));
        }
        written();
    }

    @Override
    public void fill(double value) {
        check(Native.fill(device().handle(), kind(), address(), stride(), rows(), columns(), (float) value), "filling");
        written();
    }

    @Override
    protected void fillRow(int row, double value) {
        rows(row, row + 1).fill(value);
    }

    @Override
    public void copyFrom(Tensor source) {
        requireSameSize(source);
        if (source instanceof DeviceTensor same) {
            copy(same, this);
            written();
            return;
        }
        int rowsAtOnce = (int) Math.max(1, Math.min(rows(), UPLOAD_NUMBERS / Math.max(1, columns())));
        DeviceTensor exact = device().zeros(DType.F32, Shape.of(rowsAtOnce, columns()));
        for (int from = 0; from < rows(); from += rowsAtOnce) {
            int to = Math.min(rows(), from + rowsAtOnce);
            float[] numbers = source.rows(from, to).toFloats();
            check(Native.uploadFloats(device().handle(), exact.address(), numbers, 0, numbers.length), "writing");
            copy(exact.rows(0, to - from), (DeviceTensor) rows(from, to));
        }
        written();
    }

    @Override
    protected void copyRow(int row, Tensor source) {
        rows(row, row + 1).copyFrom(source.rows(row, row + 1));
    }

    @Override
    public float[] toFloats() {
        float[] all = new float[Math.multiplyExact(rows(), columns())];
        if (dtype() == DType.F32 && !hasGaps()) {
            check(Native.downloadFloats(device().handle(), address(), all, 0, all.length), "reading");
            return all;
        }
        int rowsAtOnce = (int) Math.max(1, Math.min(rows(), UPLOAD_NUMBERS / Math.max(1, columns())));
        DeviceTensor exact = device().zeros(DType.F32, Shape.of(rowsAtOnce, columns()));
        for (int from = 0; from < rows(); from += rowsAtOnce) {
            int to = Math.min(rows(), from + rowsAtOnce);
            copy(rows(from, to), exact.rows(0, to - from));
            check(
                    Native.downloadFloats(
                            device().handle(), exact.address(), all, from * columns(), (to - from) * columns()),
                    "reading");
        }
        return all;
    }

    @Override
    public boolean isOnHost() {
        return false;
    }

    @Override
    public Tensor onHost() {
        Tensor host = Tensor.zeros(DType.F32, shape());
        copyTo(host);
        return host;
    }

    @Override
    public void copyTo(Tensor host) {
        host.requireSameSize(this);
        if (dtype() == DType.F32 && !hasGaps() && !host.hasGaps() && host instanceof FloatTensor floats) {
            long bytes = Math.multiplyExact((long) rows() * columns(), Float.BYTES);
            long at = floats.offset() * Float.BYTES;
            check(Native.downloadBytes(device().handle(), address(), floats.memory(), at, bytes), "reading");
            return;
        }
        float[] all = toFloats();
        for (int row = 0; row < rows(); row++) {
            host.write(row, 0, all, row * columns(), columns());
        }
    }

    private void copy(Tensor from, Tensor to) {
        DeviceTensor source = (DeviceTensor) from;
        DeviceTensor target = (DeviceTensor) to;
        check(
                Native.copy(
                        device().handle(),
                        source.kind(),
                        source.address(),
                        source.stride(),
                        target.kind(),
                        target.address(),
                        target.stride(),
                        source.rows(),
                        source.columns()),
                "a copy");
    }

    private void check(int status, String what) {
        device().check(status, what + " %s", this);
    }
}
