package io.peregrine.data.text;

/**
 * A definition of a word. Filters that share a name and differ in this drop different documents, so every profile names
 * the one it means.
 *
 * <p>Thread: one at a time; instances may keep buffers.
 */
public interface WordSplitter {
    /** Name and version of the definition, for settings and manifests. */
    String profile();

    /** Whether spaces and tabs inside a word's range are no part of the word. */
    default boolean ignoresBlanks() {
        return false;
    }

    /** Replaces the content of {@code words} by the words of the text, in order, none of them empty. */
    void split(CharSequence text, Spans words);
}
