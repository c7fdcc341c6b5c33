package io.peregrine.data.tokenizer;

/**
 * How often a pre-token was seen.
 *
 * @param pretoken the piece of text
 * @param count occurrences, at least 1
 */
public record PretokenCount(String pretoken, long count) {}
