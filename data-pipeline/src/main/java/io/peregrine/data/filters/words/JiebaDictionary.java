package io.peregrine.data.filters.words;

import java.util.Arrays;
import java.util.List;

/** jieba's dictionary as a tree of characters: which words there are, and how probable each is. */
final class JiebaDictionary {
    static final int ROOT = 0;
    static final int NONE = -1;

    /** In jieba's dictionary and not in the one of the jar, which is otherwise the same. */
    private static final String MISSING = "\u5409\u6797 89";

    private static final String DIGEST = "739dfafe7474f68db670f5ea2027abdac15d39e4d66d54f2a4a0ebe1fd629d4e";
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int BITS = 21;

    /** Open addressing: parent and character, plus one; the node under it. */
    private final long[] keys = new long[1 << BITS];

    private final int[] nodes = new int[1 << BITS];
    private double[] logs = new double[1 << 19];
    private int size = 1;
    private final double logUnknown;

    private static final class Shared {
        private static final JiebaDictionary DICTIONARY = new JiebaDictionary();
    }

    /** The dictionary, which is read when it is asked for first. */
    static JiebaDictionary shared() {
        return Shared.DICTIONARY;
    }

    private JiebaDictionary() {
        List<String> lines = JiebaFiles.lines("dict.txt", DIGEST);
        long total = 0;
        Arrays.fill(logs, Double.NaN);
        long[] frequencies = new long[lines.size() + 1];
        int[] words = new int[lines.size() + 1];
        for (int i = 0; i <= lines.size(); i++) {
            String line = i < lines.size() ? lines.get(i) : MISSING;
            int end = line.indexOf(' ');
            int next = line.indexOf(' ', end + 1);
            frequencies[i] = Long.parseLong(line.substring(end + 1, next < 0 ? line.length() : next));
            words[i] = node(line.substring(0, end));
            total += frequencies[i];
        }
        double logTotal = Math.log(total);
        for (int i = 0; i < words.length; i++) {
            if (frequencies[i] > 0) {
                logs[words[i]] = Math.log(frequencies[i]) - logTotal;
            }
        }
        logUnknown = Math.log(1) - logTotal;
    }

    private int node(String word) {
        int node = ROOT;
        for (int i = 0; i < word.length(); i++) {
            int slot = slot(node, word.charAt(i));
            if (keys[slot] == 0) {
                keys[slot] = key(node, word.charAt(i));
                nodes[slot] = size++;
                if (size > logs.length) {
                    int before = logs.length;
                    logs = Arrays.copyOf(logs, 2 * before);
                    Arrays.fill(logs, before, logs.length, Double.NaN);
                }
            }
            node = nodes[slot];
        }
        return node;
    }

    private static long key(int node, char c) {
        return (((long) node << Character.SIZE) | c) + 1;
    }

    private int slot(int node, char c) {
        long key = key(node, c);
        int at = (int) ((key * SPREAD) >>> (Long.SIZE - BITS));
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }

    /** The node for the beginning of a word that is one character longer, or {@link #NONE}. */
    int next(int node, char c) {
        int slot = slot(node, c);
        return keys[slot] == 0 ? NONE : nodes[slot];
    }

    /** Whether a word ends at a node. */
    boolean isWord(int node) {
        return !Double.isNaN(logs[node]);
    }

    /** Logarithm of the share of the word that ends at a node. */
    double logProbability(int node) {
        return logs[node];
    }

    /** The same for a character that begins no word. */
    double logUnknown() {
        return logUnknown;
    }

    /** Whether a range is a word. */
    boolean hasWord(CharSequence text, int from, int to) {
        int node = ROOT;
        for (int at = from; at < to && node != NONE; at++) {
            node = next(node, text.charAt(at));
        }
        return node != NONE && isWord(node);
    }
}
