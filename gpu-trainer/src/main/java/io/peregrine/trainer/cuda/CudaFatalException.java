package io.peregrine.trainer.cuda;

/**
 * An error after which a process can no longer use its device: a fault inside a kernel, or a device that was lost. Only a
 * new process helps.
 */
public final class CudaFatalException extends CudaException {
    private static final long serialVersionUID = 1L;

    CudaFatalException(String message, int status) {
        super(message, status);
    }
}
