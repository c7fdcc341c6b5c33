package io.peregrine.data.filters.ngrams;

import io.peregrine.data.text.Spans;
import java.util.Arrays;

/**
 * The words, lines or paragraphs of one text, in order: for each a 64-bit hash of its characters and its length in code
 * points. A buffer to be used again and again.
 *
 * <p>Equal hashes are taken for equal pieces; with a million different pieces in a document the chance of one mistake is
 * 3e-8.
 */
public final class Pieces {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private long[] hashes = new long[1024];
    private long[] before = new long[1025];
    private int size;

    /** Forgets the pieces. */
    public void clear() {
        size = 0;
    }

    /** Adds a range of a text, in UTF-16 units, as the next piece. */
    public void add(String text, int start, int end) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
            before = Arrays.copyOf(before, 2 * size + 1);
        }
        long hash = MULTIPLIER;
        int points = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            hash = (hash ^ c) * MULTIPLIER;
            hash ^= hash >>> 29;
            points += isSecondHalf(text, start, i, c) ? 0 : 1;
        }
        hashes[size] = mix(hash);
        before[size + 1] = before[size] + points;
        size++;
    }

    /** Replaces the pieces by these ranges of a text. */
    public void set(String text, Spans spans) {
        clear();
        for (int i = 0; i < spans.size(); i++) {
            add(text, spans.start(i), spans.end(i));
        }
    }

    public int size() {
        return size;
    }

    /** Hash of a piece, the same for equal pieces of all texts. */
    public long hash(int index) {
        return hashes[index];
    }

    /** Code points of a piece. */
    public int length(int index) {
        return (int) (before[index + 1] - before[index]);
    }

    /** Code points of {@code count} pieces from {@code index} on, nothing between them counted. */
    public long length(int index, int count) {
        return before[index + count] - before[index];
    }

    /** Code points of all pieces. */
    public long length() {
        return before[size];
    }

    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private static boolean isSecondHalf(String text, int start, int index, char c) {
        return Character.isLowSurrogate(c) && index > start && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
