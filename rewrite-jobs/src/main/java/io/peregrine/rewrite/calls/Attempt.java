package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Answer;
import java.time.Duration;
import java.util.Optional;

/** What one attempt came to. */
public sealed interface Attempt {
    /** From the sending to the end of the body, or to the failure. */
    Duration latency();

    /** The server answered. */
    record Answered(Answer answer, Duration latency) implements Attempt {}

    /**
     * It did not.
     *
     * @param reason the class of the failure
     * @param detail what was seen, in at most some hundred characters, without any key
     * @param retryAfter what the server asked to wait, if it did
     */
    record Failed(FailureReason reason, String detail, Optional<Duration> retryAfter, Duration latency)
            implements Attempt {}
}
