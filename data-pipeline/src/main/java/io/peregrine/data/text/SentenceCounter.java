package io.peregrine.data.text;

/**
 * A definition of a sentence, as far as it can be counted.
 *
 * <p>Thread: one at a time; instances may keep buffers.
 */
@FunctionalInterface
public interface SentenceCounter {
    /** How many sentences a text is cut into; 0 for an empty one. */
    int count(CharSequence text);
}
