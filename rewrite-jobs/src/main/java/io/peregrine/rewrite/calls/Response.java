package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Answer;
import java.util.Optional;

/**
 * How a request ended, after all its attempts. Each request that was taken ends in one.
 *
 * @param answer what came back; empty if no attempt brought any
 * @param reason of the last failure; empty if there is an answer
 * @param detail what was seen with the last failure, or empty
 * @param endpoint that was asked last; empty if none was
 * @param latencyMillis of the last attempt
 * @param attempts that were sent
 * @param tokens spent on all attempts, those that were lost with all that was reserved for them
 * @param microDollars spent likewise, 10^-6 USD
 */
public record Response(
        RequestKey key,
        Optional<Answer> answer,
        Optional<FailureReason> reason,
        String detail,
        String endpoint,
        long latencyMillis,
        int attempts,
        long tokens,
        long microDollars) {
    public Response {
        if (answer.isPresent() == reason.isPresent()) {
            throw new IllegalArgumentException("a response has an answer or a reason, not both or neither: " + key);
        }
        if (latencyMillis < 0 || attempts < 0 || tokens < 0 || microDollars < 0) {
            throw new IllegalArgumentException("a response with a count below 0: " + key);
        }
    }
}
