package io.peregrine.trainer.serve;

import io.peregrine.trainer.generate.Sampling;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is asked for, by either kind of call.
 *
 * @param kind of the call
 * @param prompts ids of each prompt; of a chat exactly one
 * @param choices continuations of each prompt
 * @param maxTokens most tokens of each continuation
 * @param sampling how tokens are chosen
 * @param seed for the same continuations again
 * @param stops what continuations end before
 * @param alternatives how many of the likeliest tokens to tell of beside each; nothing if empty
 * @param echo whether the prompt comes before its continuation
 * @param stream whether the answer comes piece by piece
 * @param streamUsage whether the last piece counts the tokens
 */
record ApiRequest(
        Kind kind,
        List<Prompt> prompts,
        int choices,
        int maxTokens,
        Sampling sampling,
        OptionalLong seed,
        List<String> stops,
        OptionalInt alternatives,
        boolean echo,
        boolean stream,
        boolean streamUsage) {
    /** The two kinds of calls, and what the API calls their parts. */
    enum Kind {
        COMPLETION("cmpl-", "text_completion", "text_completion"),
        CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk");

        private final String idPrefix;
        private final String whole;
        private final String piece;

        Kind(String idPrefix, String whole, String piece) {
            this.idPrefix = idPrefix;
            this.whole = whole;
            this.piece = piece;
        }

        String idPrefix() {
            return idPrefix;
        }

        String object(boolean streamed) {
            return streamed ? piece : whole;
        }
    }

    /**
     * A prompt.
     *
     * @param text as it was given, or as its tokens read
     * @param ids of its tokens
     */
    record Prompt(String text, List<Integer> ids) {
        Prompt {
            ids = List.copyOf(ids);
        }
    }

    ApiRequest {
        prompts = List.copyOf(prompts);
        stops = List.copyOf(stops);
    }

    /** Continuations asked for together. */
    int continuations() {
        return prompts.size() * choices;
    }
}
