package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that are cut up as a list says, found without making strings, and the same as sequences of tokens.
 *
 * <p>A word that the other rules would cut is also found where it is part of a longer run of characters, and one that has a
 * space in it where it is part of the text: its tokens in a row stand for it. Those sequences are a tree.
 */
final class SpacyCases {
    /** No case has this number. */
    static final int NONE = WordTable.NONE;

    /** Where sequences begin. */
    static final int ROOT = 0;

    private final WordTable words;
    private final List<int[]> lengths = new ArrayList<>();
    private final boolean spaced;

    /** Children of the nodes of the tree, by node and token. */
    private final List<Map<String, Integer>> children = new ArrayList<>(List.of(new HashMap<>()));

    private final List<Integer> ends = new ArrayList<>(List.of(NONE));
    private WordTable firsts = new WordTable(List.of());

    /** @param cases tokens by word; joined they are the word */
    SpacyCases(Map<String, List<String>> cases) {
        words = new WordTable(cases.keySet());
        for (List<String> tokens : cases.values()) {
            lengths.add(tokens.stream().mapToInt(String::length).toArray());
        }
        spaced = cases.keySet().stream().anyMatch(word -> word.indexOf(' ') >= 0);
    }

    /** Whether some case has a space in it, so that it is found in whole texts only. */
    boolean isSpaced() {
        return spaced;
    }

    /** The number of the case that a range is, or {@link #NONE}. */
    int find(char[] text, int from, int to) {
        return words.find(text, from, to);
    }

    /** Adds the tokens of a case, which begins at an index. */
    void addTokens(int number, int from, Spans tokens) {
        int start = from;
        for (int length : lengths.get(number)) {
            tokens.add(start, start + length);
            start += length;
        }
    }

    // ---- sequences of tokens

    /** Adds cases as the tokens into which the other rules cut them. */
    void addSequences(Map<String, List<String>> sequences) {
        sequences.forEach((word, tokens) -> {
            int node = ROOT;
            for (String token : tokens) {
                Integer next = children.get(node).get(token);
                if (next == null) {
                    next = children.size();
                    children.get(node).put(token, next);
                    children.add(new HashMap<>());
                    ends.add(NONE);
                }
                node = next;
            }
            ends.set(node, words.find(word.toCharArray(), 0, word.length()));
        });
        Collection<String> begin = children.get(ROOT).keySet();
        firsts = new WordTable(begin);
    }

    /** Whether a sequence may begin with a token. */
    boolean mayBegin(char[] text, int from, int to) {
        return firsts.find(text, from, to) != NONE;
    }

    /** The node behind a node for a token, or {@link #NONE}. */
    int next(int node, char[] text, int from, int to) {
        Map<String, Integer> below = children.get(node);
        return below.isEmpty() || to - from > words.longest()
                ? NONE
                : below.getOrDefault(new String(text, from, to - from), NONE);
    }

    /** The case whose sequence ends at a node, or {@link #NONE}. */
    int end(int node) {
        return ends.get(node);
    }
}
