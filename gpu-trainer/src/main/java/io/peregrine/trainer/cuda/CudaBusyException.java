package io.peregrine.trainer.cuda;

/**
 * A device could not be opened because of what other processes have of it: all of it, or too much of its memory. Opening
 * it again later may succeed.
 */
public final class CudaBusyException extends CudaException {
    private static final long serialVersionUID = 1L;

    CudaBusyException(String message, int status) {
        super(message, status);
    }
}
