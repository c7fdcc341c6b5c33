package io.peregrine.cli;

import io.peregrine.data.UserException;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the user is told when a command fails: one line on standard error for what they can mend, and for anything else
 * the message and where the stack trace is.
 */
final class Failures {
    static final int CHECK_FAILED = 1;
    static final int BAD_INPUT = 2;
    /** BSD's EX_SOFTWARE: the fault is ours. */
    static final int FAULT = 70;

    private static final int CAUSES_MAX = 50; // a chain of causes may be a ring

    private Failures() {}

    /**
     * Tells of a failure and chooses the exit code.
     *
     * @param environment the process's variables; the launcher puts the log file's name into {@code PEREGRINE_LOG}
     */
    static int report(Throwable failure, PrintWriter err, Map<String, String> environment) {
        Optional<String> mendable = mendable(failure);
        Logger log = LoggerFactory.getLogger(Failures.class);
        if (mendable.isPresent()) {
            log.info("refused: {}", mendable.get(), failure);
            err.println("peregrine: " + mendable.get());
            return BAD_INPUT;
        }
        log.error("failed", failure);
        err.println("peregrine: " + describe(failure));
        String logFile = environment.get("PEREGRINE_LOG");
        if (logFile == null) {
            failure.printStackTrace(err);
        } else {
            err.println("This is a fault of Peregrine or of its surroundings. The stack trace is in " + logFile);
        }
        return FAULT;
    }

    /** The line for a failure whose cause lies with the user. Spark wraps what a task throws, hence the search. */
    private static Optional<String> mendable(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            if (cause instanceof UserException) {
                return Optional.of(cause.getMessage());
            }
            if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
                return Optional.of("no such file: " + cause.getMessage());
            }
            if (cause instanceof AccessDeniedException) {
                return Optional.of("access denied: " + cause.getMessage());
            }
            if (cause instanceof FileAlreadyExistsException) {
                return Optional.of("is in the way: " + cause.getMessage());
            }
        }
        return Optional.empty();
    }

    private static String describe(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return "out of memory (%s): give more with PEREGRINE_MEMORY=8g or --driver-memory 8g"
                        .formatted(cause.getMessage());
            }
        }
        String message = failure.getMessage();
        return failure.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
