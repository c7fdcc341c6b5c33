package io.peregrine.trainer.cuda;

/** What a device throws, without one. */
public final class CudaFailures {
    /** cudaErrorIllegalAddress. */
    private static final int ILLEGAL_ADDRESS = 700;

    private CudaFailures() {}

    /** A device that cannot be opened because another process has it. */
    public static CudaException busy() {
        return CudaStatus.exceptionOfOpening("device 0: is in use", CudaStatus.DEVICES_UNAVAILABLE);
    }

    /** A device that is lost. */
    public static CudaException fatal() {
        return CudaStatus.exception("device 0: illegal address", ILLEGAL_ADDRESS);
    }
}
