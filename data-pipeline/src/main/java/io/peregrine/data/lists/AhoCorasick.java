package io.peregrine.data.lists;

import io.peregrine.data.DataException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Finds every occurrence of many patterns in one pass over a text.
 *
 * <p>Time linear in the text and in the number of occurrences; memory linear in the length of the patterns, whatever their
 * alphabet: transitions lie in one open-addressing table.
 *
 * @see <a href="https://doi.org/10.1145/360825.360855">Aho and Corasick, Efficient string matching, 1975</a>
 */
public final class AhoCorasick {
    /** Most characters of all patterns together. */
    public static final int LENGTH_MAX = 1 << 24;

    private static final int ROOT = 0;
    private static final int NONE = -1;
    private static final long EMPTY = -1;

    private final int[] lengths;
    private final long[] keys;
    private final int[] targets;
    private final int[] failure;
    private final int[] pattern;
    private final int[] shorter;
    private int states = 1;

    /** Told of an occurrence. */
    @FunctionalInterface
    public interface Found {
        /**
         * @param pattern index of the pattern; of equal patterns the first
         * @param start index of its first UTF-16 unit
         * @param end index after its last
         */
        void at(int pattern, int start, int end);
    }

    /**
     * @param patterns none of them empty
     * @throws DataException if they have more than {@value #LENGTH_MAX} characters together
     */
    public AhoCorasick(List<String> patterns) {
        long length = patterns.stream().mapToLong(String::length).sum();
        if (length > LENGTH_MAX) {
            throw new DataException("phrases of %d characters: must have at most %d together; shorten the lists"
                    .formatted(length, LENGTH_MAX));
        }
        int total = (int) length;
        this.lengths = patterns.stream().mapToInt(String::length).toArray();
        this.keys = new long[Integer.highestOneBit(Math.max(total, 4)) * 4];
        this.targets = new int[keys.length];
        this.failure = new int[total + 1];
        this.pattern = new int[total + 1];
        this.shorter = new int[total + 1];
        Arrays.fill(keys, EMPTY);
        Arrays.fill(pattern, NONE);
        for (int i = 0; i < patterns.size(); i++) {
            add(i, patterns.get(i));
        }
        link(patterns);
    }

    private void add(int index, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("pattern %d: must not be empty".formatted(index));
        }
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int slot = slot(state, text.charAt(i));
            if (keys[slot] == EMPTY) {
                keys[slot] = key(state, text.charAt(i));
                targets[slot] = states++;
            }
            state = targets[slot];
        }
        if (pattern[state] == NONE) {
            pattern[state] = index;
        }
    }

    /** Failure links in order of depth. */
    private void link(List<String> patterns) {
        ArrayDeque<Walk> walks = new ArrayDeque<>();
        for (String text : patterns) {
            walks.add(new Walk(text, ROOT, 0));
        }
        boolean[] linked = new boolean[states];
        while (!walks.isEmpty()) {
            Walk walk = walks.remove();
            char c = walk.text.charAt(walk.depth);
            int child = targets[slot(walk.state, c)];
            if (!linked[child]) {
                linked[child] = true;
                failure[child] = walk.state == ROOT ? ROOT : next(failure[walk.state], c);
                int suffix = failure[child];
                shorter[child] = pattern[suffix] == NONE ? shorter[suffix] : suffix;
            }
            if (walk.depth + 1 < walk.text.length()) {
                walks.add(new Walk(walk.text, child, walk.depth + 1));
            }
        }
    }

    private record Walk(String text, int state, int depth) {}

    /** Tells of every occurrence, in order of its end, longer ones first. */
    public void find(CharSequence text, Found found) {
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            state = next(state, text.charAt(i));
            int match = pattern[state] == NONE ? shorter[state] : state;
            while (match != ROOT) {
                int index = pattern[match];
                found.at(index, i + 1 - lengths[index], i + 1);
                match = shorter[match];
            }
        }
    }

    private int next(int from, char c) {
        int state = from;
        while (true) {
            int slot = slot(state, c);
            if (keys[slot] != EMPTY) {
                return targets[slot];
            }
            if (state == ROOT) {
                return ROOT;
            }
            state = failure[state];
        }
    }

    private static long key(int state, char c) {
        return (long) state << Character.SIZE | c;
    }

    /** Where a transition is, or would be. */
    private int slot(int state, char c) {
        long key = key(state, c);
        long mixed = key * 0x9E3779B97F4A7C15L;
        int at = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[at] != EMPTY && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }
}
