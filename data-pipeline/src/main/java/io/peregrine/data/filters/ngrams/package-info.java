/**
 * Repetition, counted: pieces of a text as hashes and lengths, and what n of them in a row add up to.
 *
 * <p>{@link io.peregrine.data.filters.ngrams.Pieces} holds the words, lines or paragraphs of one document without their
 * characters; {@link io.peregrine.data.filters.ngrams.Repetition} counts their n-grams in one open-addressing table and
 * answers every question that the published repetition filters ask: how much the most frequent one covers, how much the
 * repeated ones do. Lines and paragraphs are n-grams of one.
 *
 * <p>Not here: what a word is ({@code data.filters.words}), and which of the answers a filter divides by what ({@code
 * data.filters.dclm}, {@code data.filters.dolma}, {@code data.filters.redpajama}). datatrove skips repeated n-grams
 * greedily and joins words without a separator; that is counted in {@code data.filters.datatrove}.
 */
package io.peregrine.data.filters.ngrams;
