package io.peregrine.mixture;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Optional;

/**
 * How much a stream has, said by a person: for plans that are tried before there are tokens.
 *
 * @param tokens tokens in one epoch, {@code > 0}
 * @param sequences packed sequences in one epoch; without them every sequence is taken as full
 * @param documents documents in one epoch; shown only
 */
public record StreamSize(
        @Key(unit = "tokens", doc = "tokens in one epoch") long tokens,

        @Key(unit = "sequences", doc = "packed sequences in one epoch; without it, as many as are full")
        Optional<Long> sequences,

        @Key(unit = "documents", doc = "documents in one epoch; no number follows from it")
        Optional<Long> documents) {
    public StreamSize {
        if (tokens <= 0) {
            throw new ConfigException(
                    "tokens",
                    tokens,
                    "must be > 0 tokens; leave a stream that has none out here and in mixture.streams");
        }
        requirePart("sequences", sequences, tokens);
        requirePart("documents", documents, tokens);
    }

    private static void requirePart(String key, Optional<Long> part, long tokens) {
        if (part.isPresent() && (part.get() <= 0 || part.get() > tokens)) {
            throw new ConfigException(key, part.get(), "must be 1..%d, each with a token at least".formatted(tokens));
        }
    }

    /** Sequences in one epoch, if full ones have so many tokens. */
    public long sequences(int sequenceLength) {
        return sequences.orElse((tokens - 1) / sequenceLength + 1);
    }
}
