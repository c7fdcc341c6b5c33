package io.peregrine.data.text;

import java.util.Collection;
import java.util.List;

/** Numbers words, which are found again in a text without making strings. */
final class WordTable {
    /** No word has this number. */
    static final int NONE = -1;

    private static final int FILTER_BITS = 12;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final List<String> words;
    private final boolean[] filter = new boolean[1 << FILTER_BITS];
    private final int[] slots;
    private final int mask;
    private final int longest;

    /** @param words different ones, not empty, which are numbered in their order */
    WordTable(Collection<String> words) {
        this.words = List.copyOf(words);
        int capacity = Integer.highestOneBit(Math.max(1, words.size())) * 4;
        slots = new int[capacity];
        mask = capacity - 1;
        for (int number = 0; number < this.words.size(); number++) {
            char[] text = this.words.get(number).toCharArray();
            filter[filterIndex(text, 0, text.length)] = true;
            int at = (int) hash(text, 0, text.length) & mask;
            while (slots[at] != 0) {
                at = (at + 1) & mask;
            }
            slots[at] = number + 1;
        }
        longest = this.words.stream().mapToInt(String::length).max().orElse(0);
    }

    /** Length of the longest word. */
    int longest() {
        return longest;
    }

    /** The number of the word that a range is, or {@link #NONE}. */
    int find(char[] text, int from, int to) {
        if (to - from > longest || from >= to || !filter[filterIndex(text, from, to)]) {
            return NONE;
        }
        int at = (int) hash(text, from, to) & mask;
        while (slots[at] != 0) {
            if (is(words.get(slots[at] - 1), text, from, to)) {
                return slots[at] - 1;
            }
            at = (at + 1) & mask;
        }
        return NONE;
    }

    private static boolean is(String word, char[] text, int from, int to) {
        if (word.length() != to - from) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Cheap: most words are told from all others by their ends and their length. */
    private static int filterIndex(char[] text, int from, int to) {
        return ((text[from] & 31) << 7) | ((text[to - 1] & 31) << 2) | ((to - from) & 3);
    }

    private static long hash(char[] text, int from, int to) {
        long hash = 0;
        for (int i = from; i < to; i++) {
            hash = (hash + text[i]) * SPREAD;
        }
        return hash >>> 32;
    }
}
