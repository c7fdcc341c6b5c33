package io.peregrine.data;

/**
 * A fault that the person at the keyboard can mend: its message names the place, the value, the rule and the cure, and
 * is shown alone, without a stack trace. Every other exception is a fault of ours.
 */
public abstract sealed class UserException extends RuntimeException
        permits ConfigException, DataException, MachineException {
    private static final long serialVersionUID = 1L;

    UserException(String message) {
        super(message);
    }

    UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
