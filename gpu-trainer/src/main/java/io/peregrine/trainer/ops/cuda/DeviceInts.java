package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Integers and records on the device, set anew again and again; the memory grows with the largest. */
final class DeviceInts implements Ints {
    private final CudaDevice device;
    private DeviceTensor memory;
    private int size;

    DeviceInts(CudaDevice device) {
        this.device = device;
    }

    /** As many zeros. */
    DeviceInts(CudaDevice device, int size) {
        this(device);
        reserve((long) size * Integer.BYTES);
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    /** Overwrites the integers, behind everything asked for before; as many as these there are from now on. */
    @Override
    public void set(int... values) {
        reserve((long) values.length * Integer.BYTES);
        size = values.length;
        device.check(
                Native.uploadInts(device.handle(), address(), values, values.length),
                "upload of %d integers",
                values.length);
    }

    @Override
    public int[] get() {
        int[] values = new int[size];
        device.check(Native.downloadInts(device.handle(), address(), values, size), "reading %d integers", size);
        return values;
    }

    @Override
    public DeviceInts part(int first, int count) {
        Objects.checkFromIndexSize(first, count, size);
        DeviceInts part = new DeviceInts(device);
        part.memory = (DeviceTensor) memory.columns(first, first + count);
        part.size = count;
        return part;
    }

    /** Overwrites with the bytes of a direct buffer up to its limit. */
    void set(ByteBuffer direct) {
        reserve(direct.limit());
        device.upload(direct, address());
    }

    /** Address of the first. */
    long address() {
        return memory.address();
    }

    private void reserve(long bytes) {
        long floats = (bytes + Float.BYTES - 1) / Float.BYTES;
        if (memory == null || memory.columns() < floats) {
            memory = device.zeros(DType.F32, Shape.of(floats));
        }
    }
}
