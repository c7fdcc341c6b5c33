package io.peregrine.trainer.cuda;

import io.peregrine.data.MachineException;

/** A device, its driver or a library could not do what was asked; the message says what to change where that is known. */
public class CudaException extends MachineException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Nothing that CUDA has a status for: a library is missing, say. Called from the native library too. */
    public CudaException(String message) {
        this(message, 0);
    }

    /**
     * Called from the native library too.
     *
     * @param status what CUDA said
     */
    public CudaException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The cudaError behind it, or the status of cuBLAS as {@link Native#errorText} knows it; 0 where there is none. */
    public int status() {
        return status;
    }
}
