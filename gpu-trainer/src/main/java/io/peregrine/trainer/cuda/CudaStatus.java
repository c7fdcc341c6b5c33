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

    /** cudaErrorIllegalAddress and its neighbours: faults inside a kernel, after which the context is lost. */
    private static final int FIRST_FAULT = 700;

    private static final int LAST_FAULT = 720;

    /**
     * Besides {@link #DEVICES_UNAVAILABLE} cudaErrorECCUncorrectable, cudaErrorNvlinkUncorrectable, cudaErrorContained,
     * cudaErrorTensorMemoryLeak, cudaErrorUnknown: the device is lost, at least to this process.
     */
    private static final Set<Integer> OTHER_FAULTS = Set.of(DEVICES_UNAVAILABLE, 214, 220, 226, 721, 999);

    private CudaStatus() {}

    static boolean isOfCublas(int status) {
        return status >= CUBLAS;
    }

    /** Whether a process that was given this status can no longer use the device. */
    static boolean isFault(int status) {
        return (status >= FIRST_FAULT && status <= LAST_FAULT) || OTHER_FAULTS.contains(status);
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
