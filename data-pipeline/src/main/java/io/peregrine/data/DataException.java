package io.peregrine.data;

/** A file or table that is missing, damaged or not what it should be. The message names it and says what to do. */
public final class DataException extends UserException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
