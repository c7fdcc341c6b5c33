package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that are cut up as a list says, looked up without making strings, and the same as sequences of tokens.
 *
 * <p>A word that the other rules would cut is also found where it is part of a longer run of characters: its tokens in a
 * row stand for it. Those sequences are a tree.
 */
final class SpacyCases {
    /** No case has this number. */
    static final int NONE = -1;

    private static final int FILTER_BITS = 12;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final List<String> words = new ArrayList<>();
    private final List<int[]> lengths = new ArrayList<>();
    private final boolean[] filter = new boolean[1 << FILTER_BITS];
    private final int[] slots;
    private final int mask;
    private final int longest;

    /** Children of the nodes of the tree, by node and token; the root is 0. */
    private final List<Map<String, Integer>> children = new ArrayList<>(List.of(new HashMap<>()));

    private final List<Integer> ends = new ArrayList<>(List.of(NONE));
    private final boolean[] firsts = new boolean[128];

    SpacyCases(Map<String, List<String>> cases) {
        int capacity = Integer.highestOneBit(Math.max(1, cases.size())) * 4;
        slots = new int[capacity];
        mask = capacity - 1;
        cases.forEach((word, tokens) -> {
            char[] text = word.toCharArray();
            filter[filterIndex(text, 0, text.length)] = true;
            int at = (int) hash(text, 0, text.length) & mask;
            while (slots[at] != 0) {
                at = (at + 1) & mask;
            }
            words.add(word);
            lengths.add(tokens.stream().mapToInt(String::length).toArray());
            slots[at] = words.size();
        });
        longest = words.stream().mapToInt(String::length).max().orElse(0);
    }

    /** The number of the case that a range is, or {@link #NONE}. */
    int find(char[] text, int from, int to) {
        if (to - from > longest || from == to || !filter[filterIndex(text, from, to)]) {
            return NONE;
        }
        int at = (int) hash(text, from, to) & mask;
        while (slots[at] != 0) {
            int number = slots[at] - 1;
            if (is(words.get(number), text, from, to)) {
                return number;
            }
            at = (at + 1) & mask;
        }
        return NONE;
    }

    /** Adds the tokens of a case, which begins at an index. */
    void addTokens(int number, int from, Spans tokens) {
        int start = from;
        for (int length : lengths.get(number)) {
            tokens.add(start, start + length);
            start += length;
        }
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

    /** Cheap: most words are told from all cases by their ends and their length. */
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

    // ---- sequences of tokens

    /** Adds a case as the tokens into which the other rules cut it. */
    void addSequence(String word, Spans tokens) {
        int node = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = word.substring(tokens.start(i), tokens.end(i));
            Integer next = children.get(node).get(token);
            if (next == null) {
                next = children.size();
                children.get(node).put(token, next);
                children.add(new HashMap<>());
                ends.add(NONE);
            }
            node = next;
        }
        ends.set(node, words.indexOf(word));
        firsts[Math.min(127, word.charAt(0))] = true;
    }

    /** Whether a sequence may begin with a character. */
    boolean mayBegin(char c) {
        return firsts[Math.min(127, c)];
    }

    /** The node behind a node for a token, or {@link #NONE}. */
    int next(int node, char[] text, int from, int to) {
        Map<String, Integer> below = children.get(node);
        return below.isEmpty() || to - from > longest
                ? NONE
                : below.getOrDefault(new String(text, from, to - from), NONE);
    }

    /** The case whose sequence ends at a node, or {@link #NONE}. */
    int end(int node) {
        return ends.get(node);
    }
}
