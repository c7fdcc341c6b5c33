package io.peregrine.rewrite.prompts;

import java.io.Serializable;

/**
 * What came back for a prompt, as the server said it.
 *
 * @param text the first choice's text; may be empty
 * @param finishReason why the server stopped, in its own word: {@code stop}, {@code length}, ...
 * @param promptTokens tokens of the request, as the server counted them
 * @param completionTokens tokens of the answer, as the server counted them
 */
public record Answer(String text, String finishReason, long promptTokens, long completionTokens)
        implements Serializable {
    public Answer {
        if (promptTokens < 0 || completionTokens < 0) {
            throw new IllegalArgumentException("an answer of %d prompt and %d completion tokens: must be >= 0"
                    .formatted(promptTokens, completionTokens));
        }
    }
}
