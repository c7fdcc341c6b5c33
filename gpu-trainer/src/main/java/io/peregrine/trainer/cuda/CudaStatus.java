package io.peregrine.trainer.cuda;

import java.util.Set;

/** What the numbers mean by which CUDA says how a call went: cudaError of {@code driver_types.h}, and 0 for well. */
final class CudaStatus {
    /** cudaErrorMemoryAllocation. */
    static final int OUT_OF_MEMORY = 2;

    /** cudaErrorDevicesUnavailable: before a device is open another process has it, afterwards it is lost. */
    static final int DEVICES_UNAVAILABLE = 46;

    /** From here on a status is one of cuBLAS. */
    private static final int CUBLAS = 100_000;

    /**
     * After these a process can no longer use the device. First {@link #DEVICES_UNAVAILABLE}, cudaErrorECCUncorrectable,
     * cudaErrorNvlinkUncorrectable, cudaErrorContained: it is lost, at least to this process. Then faults inside a kernel:
     * cudaErrorIllegalAddress, cudaErrorLaunchTimeout, cudaErrorContextIsDestroyed, cudaErrorAssert, and from
     * cudaErrorHardwareStackError to cudaErrorLaunchFailure; cudaErrorTensorMemoryLeak; cudaErrorExternalDevice,
     * cudaErrorUnknown. Their neighbours, such as a launch that asks for too much, leave it as it was.
     */
    private static final Set<Integer> FAULTS =
            Set.of(DEVICES_UNAVAILABLE, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 911, 999);

    private CudaStatus() {}

    static boolean isOfCublas(int status) {
        return status >= CUBLAS;
    }

    /** Whether a process that was given this status can no longer use the device. */
    static boolean isFault(int status) {
        return FAULTS.contains(status);
    }

    /**
     * What is thrown for the status of a call to an open device.
     *
     * @param message what could not be done, and why
     */
    static CudaException exception(String message, int status) {
        return isFault(status)
                ? new CudaFatalException(
                        message + "; the process has lost the device and must be started again", status)
                : new CudaException(message, status);
    }

    /** The same while a device is opened. */
    static CudaException exceptionOfOpening(String message, int status) {
        return status == DEVICES_UNAVAILABLE || status == OUT_OF_MEMORY
                ? new CudaBusyException(
                        message
                                + "; other processes have the device or its memory, or the host's where it is to be pinned"
                                + " (nvidia-smi and free show which): end them, wait, or take another device with"
                                + " CUDA_VISIBLE_DEVICES",
                        status)
                : exception(message, status);
    }
}
