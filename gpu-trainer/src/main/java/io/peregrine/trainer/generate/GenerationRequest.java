package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * A text to be continued.
 *
 * @param prompt ids of its tokens, one or more: models are trained without a token that begins a text
 * @param maxTokens most tokens to generate
 * @param sampling how each is chosen
 * @param seed one number of it is drawn per token; not looked at when greedy
 * @param stops the continuation ends before the first of these
 * @param alternatives how many of the likeliest tokens to tell of beside each that is chosen; nothing is told if empty
 */
public record GenerationRequest(
        List<Integer> prompt,
        int maxTokens,
        Sampling sampling,
        SeedStream seed,
        List<String> stops,
        OptionalInt alternatives) {
    public GenerationRequest {
        prompt = List.copyOf(prompt);
        stops = List.copyOf(stops);
        if (prompt.isEmpty()) {
            throw new ConfigException("prompt", "\"\"", "must have at least one character");
        }
        if (maxTokens < 1) {
            throw new ConfigException("max-tokens", maxTokens, "must be >= 1");
        }
        if (stops.stream().anyMatch(String::isEmpty)) {
            throw new ConfigException("stop", "\"\"", "must have at least one character");
        }
    }

    /** Tokens that the caches must have room for. The last token generated is not read. */
    public long positions() {
        return (long) prompt.size() + maxTokens;
    }
}
