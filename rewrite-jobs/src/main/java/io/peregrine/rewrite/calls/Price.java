package io.peregrine.rewrite.calls;

import io.peregrine.data.ConfigException;
import java.io.Serializable;

/**
 * What tokens cost, in micro-dollars (10^-6 USD) for a million: 0.15 USD for a million tokens is 150,000. Costs are rounded
 * up, so that no number of small requests is free.
 *
 * @param promptPerMillion micro-dollars for a million tokens of prompts
 * @param completionPerMillion micro-dollars for a million tokens of answers
 */
public record Price(long promptPerMillion, long completionPerMillion) implements Serializable {
    private static final long MILLION = 1_000_000;
    /** A thousand dollars for a million tokens: more is a mistyped unit. */
    private static final long PER_MILLION_MAX = 1_000 * MILLION;

    public Price {
        if (promptPerMillion < 0 || promptPerMillion > PER_MILLION_MAX) {
            throw new ConfigException("prompt-per-million", promptPerMillion, "must be 0 to 10^9 micro-dollars");
        }
        if (completionPerMillion < 0 || completionPerMillion > PER_MILLION_MAX) {
            throw new ConfigException(
                    "completion-per-million", completionPerMillion, "must be 0 to 10^9 micro-dollars");
        }
    }

    /** Micro-dollars for one request, rounded up. */
    public long of(long promptTokens, long completionTokens) {
        long millionths = Math.addExact(
                Math.multiplyExact(promptTokens, promptPerMillion),
                Math.multiplyExact(completionTokens, completionPerMillion));
        return -Math.floorDiv(-millionths, MILLION);
    }
}
