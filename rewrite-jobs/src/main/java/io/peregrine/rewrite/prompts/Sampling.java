package io.peregrine.rewrite.prompts;

import java.io.Serializable;

/**
 * How an answer is drawn; part of what a stored response is addressed by.
 *
 * @param temperature 0 to 2; 0 takes the likeliest token
 * @param topP share of the probability that is drawn from, above 0 up to 1
 * @param maxTokens most tokens of the answer
 * @param seed 0 to 2^31 - 1, which every server accepts
 */
public record Sampling(double temperature, double topP, int maxTokens, long seed) implements Serializable {
    public Sampling {
        if (!(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature %s: must be 0 to 2".formatted(temperature));
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p %s: must be above 0 and at most 1".formatted(topP));
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max-tokens %d: must be > 0 tokens".formatted(maxTokens));
        }
        if (seed < 0 || seed > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("seed %d: must be 0 to 2^31 - 1".formatted(seed));
        }
    }
}
