package io.peregrine.data.code;

import io.peregrine.data.text.CodePoints;
import java.util.Arrays;

/**
 * Words and repeated rows of words, as in Gopher's table A1 (arXiv:2112.11446), over 64-bit hashes: two rows are equal if
 * their hashes are. Among the most frequent rows the longest counts. Rows of a duplicate may overlap; a word in several
 * counts once.
 */
final class Repetition {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final int wordsMax;
    private long[] hashes = new long[1024];
    private int[] lengths = new int[1024];
    private long[] keys = new long[2048];
    private int[] counts = new int[2048];
    private int[] slots = new int[1024];
    private int mask;
    private int kept;
    private long keptCharacters;
    private long words;
    private long characters;

    Repetition(int wordsMax) {
        this.wordsMax = wordsMax;
    }

    void read(String text) {
        kept = 0;
        keptCharacters = 0;
        words = 0;
        characters = 0;
        long hash = 0;
        int length = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '_' || CodePoints.is(c, CodePoints.ALPHANUMERIC)) {
                hash = (hash + Character.toLowerCase(c) + 1) * MIX;
                hash ^= hash >>> 29;
                length++;
            } else if (length > 0) {
                word(hash, length);
                hash = 0;
                length = 0;
            }
            i += Character.charCount(c);
        }
        if (length > 0) {
            word(hash, length);
        }
    }

    private void word(long hash, int length) {
        words++;
        characters += length;
        if (kept == wordsMax) {
            return;
        }
        if (kept == hashes.length) {
            int capacity = Math.min(wordsMax, 2 * kept);
            hashes = Arrays.copyOf(hashes, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            slots = new int[capacity];
        }
        hashes[kept] = hash;
        lengths[kept] = length;
        keptCharacters += length;
        kept++;
    }

    long words() {
        return words;
    }

    double meanWord() {
        return (double) characters / words;
    }

    double uniqueRatio() {
        count(1);
        int different = 0;
        for (int slot = 0; slot <= mask; slot++) {
            different += counts[slot] > 0 ? 1 : 0;
        }
        return (double) different / kept;
    }

    /** Characters of the most frequent row of n words, times its number; 0 if none is there twice. */
    double topRatio(int n) {
        if (kept < n) {
            return 0;
        }
        count(n);
        int most = 0;
        long longest = 0;
        long row = 0;
        for (int i = 0; i < kept; i++) {
            row += lengths[i] - (i >= n ? lengths[i - n] : 0);
            if (i >= n - 1) {
                int count = counts[slots[i - n + 1]];
                if (count > most || (count == most && row > longest)) {
                    most = count;
                    longest = row;
                }
            }
        }
        return most < 2 ? 0 : Math.min(1, (double) longest * most / keptCharacters);
    }

    /** Characters of the words that are in a row of n words that is there more than once. */
    double duplicateRatio(int n) {
        if (kept < n) {
            return 0;
        }
        count(n);
        long covered = 0;
        int reached = 0;
        for (int i = 0; i + n <= kept; i++) {
            if (counts[slots[i]] > 1) {
                for (int word = Math.max(reached, i); word < i + n; word++) {
                    covered += lengths[word];
                }
                reached = i + n;
            }
        }
        return (double) covered / keptCharacters;
    }

    /** Counts the rows of n words; {@code slots[i]} is where the row that begins at word i is counted. */
    private void count(int n) {
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, kept)) * 4);
        if (keys.length < capacity) {
            keys = new long[capacity];
            counts = new int[capacity];
        }
        mask = capacity - 1;
        Arrays.fill(counts, 0, capacity, 0);
        for (int i = 0; i + n <= kept; i++) {
            long hash = 0;
            for (int word = i; word < i + n; word++) {
                hash = (hash ^ hashes[word]) * MIX;
                hash ^= hash >>> 31;
            }
            int slot = (int) (hash >>> 17) & mask;
            while (counts[slot] > 0 && keys[slot] != hash) {
                slot = (slot + 1) & mask;
            }
            keys[slot] = hash;
            counts[slot]++;
            slots[i] = slot;
        }
    }
}
