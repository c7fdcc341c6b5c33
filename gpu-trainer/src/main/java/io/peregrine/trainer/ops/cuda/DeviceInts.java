package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import java.nio.ByteBuffer;

/** Integers and records on the device, set anew again and again; the memory grows with the largest. */
final class DeviceInts {
    private final CudaDevice device;
    private DeviceTensor memory;

    DeviceInts(CudaDevice device) {
        this.device = device;
    }

    /** Overwrites the integers, behind everything asked for before. */
    void set(int[] values) {
        reserve((long) values.length * Integer.BYTES);
        device.check(
                Native.uploadInts(device.handle(), address(), values, values.length),
                "upload of %d integers",
                values.length);
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
