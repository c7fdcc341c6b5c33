package io.peregrine.trainer.cuda;

import io.peregrine.data.MachineException;

/** A device, its driver or a library could not do what was asked; the message says what to change where that is known. */
public class CudaException extends MachineException {
    private static final long serialVersionUID = 1L;

    /** Called from the native library too. */
    public CudaException(String message) {
        super(message);
    }
}
