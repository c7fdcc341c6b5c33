package io.peregrine.data.tokenizer;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Optional;

/**
 * How much some texts count in training.
 *
 * @param source of the documents, or any
 * @param domain of the documents, or any
 * @param language of the documents, or any
 * @param weight how many times each occurrence counts
 */
public record TextWeight(
        @Key(doc = "source of the documents; any if absent") Optional<String> source,
        @Key(doc = "domain of the documents; any if absent") Optional<String> domain,

        @Key(doc = "language of the documents; any if absent")
        Optional<String> language,

        @Key(unit = "times", doc = "how often each of their pre-tokens counts; 0 leaves them out")
        int weight) {
    public TextWeight {
        if (weight < 0) {
            throw new ConfigException("weights.weight", weight, "must be >= 0");
        }
        if (source.isEmpty() && domain.isEmpty() && language.isEmpty()) {
            throw new ConfigException("weights", weight, "must name a source, a domain or a language");
        }
    }
}
