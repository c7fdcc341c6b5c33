package io.peregrine.data.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The words a trainer works on: each a run of token ids that gets shorter as pairs are merged, and a count. */
final class TrainingWords {
    private final int[] symbols;
    private final int[] starts;
    private final int[] lengths;
    private final long[] counts;

    private TrainingWords(int[] symbols, int[] starts, int[] lengths, long[] counts) {
        this.symbols = symbols;
        this.starts = starts;
        this.lengths = lengths;
        this.counts = counts;
    }

    /**
     * The words in the order of their bytes, each byte one symbol.
     *
     * @param idOf the id of each character of {@link ByteAlphabet}
     */
    static TrainingWords of(List<PretokenCount> pretokens, long countMin, Map<Character, Integer> idOf) {
        List<PretokenCount> written = new ArrayList<>();
        long symbolCount = 0;
        for (PretokenCount pretoken : pretokens) {
            if (pretoken.count() >= countMin) {
                String word = ByteAlphabet.write(pretoken.pretoken());
                written.add(new PretokenCount(word, pretoken.count()));
                symbolCount += word.length();
            }
        }
        written.sort(Comparator.comparing(PretokenCount::pretoken));
        int[] symbols = new int[Math.toIntExact(symbolCount)];
        int[] starts = new int[written.size()];
        int[] lengths = new int[written.size()];
        long[] counts = new long[written.size()];
        int at = 0;
        for (int word = 0; word < written.size(); word++) {
            String text = written.get(word).pretoken();
            starts[word] = at;
            lengths[word] = text.length();
            counts[word] = written.get(word).count();
            for (int i = 0; i < text.length(); i++) {
                symbols[at++] = idOf.get(text.charAt(i));
            }
        }
        return new TrainingWords(symbols, starts, lengths, counts);
    }

    int size() {
        return counts.length;
    }

    /** Number of the word's symbols. */
    int length(int word) {
        return lengths[word];
    }

    long count(int word) {
        return counts[word];
    }

    /** The pair that begins at the symbol {@code at} of the word. */
    long pairAt(int word, int at) {
        int i = starts[word] + at;
        return PairTable.pair(symbols[i], symbols[i + 1]);
    }

    boolean has(int word, long pair) {
        for (int at = 0; at + 1 < lengths[word]; at++) {
            if (pairAt(word, at) == pair) {
                return true;
            }
        }
        return false;
    }

    /** Replaces the pair wherever it occurs, from left to right. */
    void merge(int word, long pair, int merged) {
        int start = starts[word];
        int length = lengths[word];
        int to = start;
        int from = 0;
        while (from < length) {
            if (from + 1 < length && pairAt(word, from) == pair) {
                symbols[to++] = merged;
                from += 2;
            } else {
                symbols[to++] = symbols[start + from];
                from++;
            }
        }
        lengths[word] = to - start;
    }
}
