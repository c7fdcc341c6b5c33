package io.peregrine.data.tokenizer;

import java.util.Arrays;

/**
 * Pairs of neighbouring tokens: how often each occurs, and in which words. A pair gets a slot when it is first seen and
 * keeps it. Open addressing over the pair's two ids in one long.
 */
final class PairTable {
    private static final long EMPTY = -1;
    private static final int FIRST_CAPACITY = 1 << 12;
    private static final int[] NOWHERE = {};

    private long[] keys = new long[FIRST_CAPACITY];
    private int[] slotOfKey = new int[FIRST_CAPACITY];
    private int size;

    private long[] pairs = new long[FIRST_CAPACITY];
    private long[] counts = new long[FIRST_CAPACITY];
    private int[][] words = new int[FIRST_CAPACITY][];
    private int[] wordsSize = new int[FIRST_CAPACITY];
    private int[] touchedAt = new int[FIRST_CAPACITY];

    private int[] touchedSlots = new int[FIRST_CAPACITY];
    private int touched;
    private int touching;

    PairTable() {
        Arrays.fill(keys, EMPTY);
    }

    /** The pair as one number; ascending pairs are ascending numbers. */
    static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    static int left(long pair) {
        return (int) (pair >>> 32);
    }

    static int right(long pair) {
        return (int) pair;
    }

    int size() {
        return size;
    }

    /** The slot of a pair, made if the pair is new. */
    int slot(long pair) {
        int at = find(pair);
        if (keys[at] == EMPTY) {
            if (2 * size >= keys.length) {
                growKeys();
                at = find(pair);
            }
            keys[at] = pair;
            slotOfKey[at] = newSlot(pair);
        }
        return slotOfKey[at];
    }

    long pairAt(int slot) {
        return pairs[slot];
    }

    long count(int slot) {
        return counts[slot];
    }

    /** Adds to a pair's count; throws rather than passing 2^63. */
    void add(int slot, long delta) {
        counts[slot] = Math.addExact(counts[slot], delta);
    }

    /** Notes that a word has the pair. Words may be noted twice, and may lose the pair later without being taken out. */
    void noteWord(int slot, int word) {
        int[] list = words[slot];
        int used = wordsSize[slot];
        if (used > 0 && list[used - 1] == word) {
            return;
        }
        if (used == list.length) {
            list = Arrays.copyOf(list, Math.max(2, used + (used >> 1)));
            words[slot] = list;
        }
        list[used] = word;
        wordsSize[slot] = used + 1;
    }

    /** The words noted for a pair, which are forgotten here. */
    int[] takeWords(int slot) {
        int[] taken = Arrays.copyOf(words[slot], wordsSize[slot]);
        words[slot] = NOWHERE;
        wordsSize[slot] = 0;
        return taken;
    }

    /** Forgets which slots were touched. */
    void beginTouching() {
        touched = 0;
        touching++;
    }

    /** Notes a slot, unless it was noted before. */
    void touch(int slot) {
        if (touchedAt[slot] == touching) {
            return;
        }
        touchedAt[slot] = touching;
        if (touched == touchedSlots.length) {
            touchedSlots = Arrays.copyOf(touchedSlots, 2 * touched);
        }
        touchedSlots[touched++] = slot;
    }

    /** How many slots were touched. */
    int touched() {
        return touched;
    }

    int touchedSlot(int i) {
        return touchedSlots[i];
    }

    private int newSlot(long pair) {
        if (size == pairs.length) {
            int grown = size + (size >> 1);
            pairs = Arrays.copyOf(pairs, grown);
            counts = Arrays.copyOf(counts, grown);
            words = Arrays.copyOf(words, grown);
            wordsSize = Arrays.copyOf(wordsSize, grown);
            touchedAt = Arrays.copyOf(touchedAt, grown);
        }
        pairs[size] = pair;
        words[size] = NOWHERE;
        return size++;
    }

    /** Where the pair is, or where it would go. */
    private int find(long pair) {
        int mask = keys.length - 1;
        long hash = pair * 0x9E3779B97F4A7C15L; // Fibonacci hashing: the high bits are the mixed ones
        int at = (int) (hash >>> 32) & mask;
        while (keys[at] != EMPTY && keys[at] != pair) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void growKeys() {
        long[] oldKeys = keys;
        int[] oldSlots = slotOfKey;
        keys = new long[2 * oldKeys.length];
        slotOfKey = new int[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                slotOfKey[at] = oldSlots[i];
            }
        }
    }
}
