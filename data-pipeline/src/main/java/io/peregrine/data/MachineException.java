package io.peregrine.data;

/** The machine lacks what was asked of it: a device, a driver, a library, memory. */
public non-sealed class MachineException extends UserException {
    private static final long serialVersionUID = 1L;

    /** @param message what is missing, and what to do */
    public MachineException(String message) {
        super(message);
    }
}
