package io.peregrine.trainer.testing;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.tensor.DType;

/** A fault inside a kernel, after which this process can no longer use the device. */
public final class DeviceFault {
    private static final long UNMAPPED_ADDRESS = 4096;

    private DeviceFault() {}

    /** Lets a kernel write where there is no memory, and waits until it has. */
    public static void make(CudaDevice device) {
        int started = Native.fill(device.handle(), CudaDevice.kind(DType.F32), UNMAPPED_ADDRESS, 1, 1, 1, 1);
        int ended = Native.synchronize(device.handle());
        if (started != 0 || ended == 0) {
            throw new IllegalStateException("the kernel was to fail: %d, %d".formatted(started, ended));
        }
    }
}
