package io.peregrine.data.tokenizer;

import io.peregrine.data.DataException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words a trainer works on: each a run of token ids that gets shorter as pairs are merged, and a count. */
final class TrainingWords {
    private static final long SYMBOLS_MAX = Integer.MAX_VALUE - 8;
    private static final int BYTE_CHARACTERS = 1 << 9; // the alphabet's highest character is U+0143

    private final int[] symbols;
    private final int[] starts;
    private final int[] lengths;
    private final long[] counts;
    private final List<String> texts;

    private TrainingWords(int[] symbols, int[] starts, int[] lengths, long[] counts, List<String> texts) {
        this.symbols = symbols;
        this.starts = starts;
        this.lengths = lengths;
        this.counts = counts;
        this.texts = texts;
    }

    /**
     * The words in the order of their bytes, each byte one symbol.
     *
     * @param ids the id of each character of {@link ByteAlphabet}, and of other tokens
     * @param left words that are left out
     * @throws DataException if there are more than fit
     */
    static TrainingWords of(List<PretokenCount> pretokens, long countMin, Map<String, Integer> ids, List<String> left) {
        Set<String> leftOut = new HashSet<>(left);
        List<PretokenCount> written = new ArrayList<>();
        long symbolCount = 0;
        for (PretokenCount pretoken : pretokens) {
            if (pretoken.count() >= countMin) {
                String word = ByteAlphabet.write(pretoken.pretoken());
                if (!leftOut.contains(word)) {
                    written.add(new PretokenCount(word, pretoken.count()));
                    symbolCount += word.length();
                }
            }
        }
        written.sort(Comparator.comparing(PretokenCount::pretoken));
        if (symbolCount > SYMBOLS_MAX) {
            throw new DataException(("tokenizer: %,d different pre-tokens have %,d bytes, and at most %,d fit; raise"
                            + " tokenizer.pretoken-count-min, or lower tokenizer.training-bytes-per-stream")
                    .formatted(written.size(), symbolCount, SYMBOLS_MAX));
        }
        int[] idOf = new int[BYTE_CHARACTERS];
        for (char c : ByteAlphabet.sorted()) {
            idOf[c] = ids.get(String.valueOf(c));
        }
        int[] symbols = new int[(int) symbolCount];
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
                symbols[at++] = idOf[text.charAt(i)];
            }
        }
        return new TrainingWords(
                symbols,
                starts,
                lengths,
                counts,
                written.stream().map(PretokenCount::pretoken).toList());
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

    /** The word in the characters of {@link ByteAlphabet}. */
    String text(int word) {
        return texts.get(word);
    }

    /** The pair that begins at the symbol {@code at} of the word. */
    long pairAt(int word, int at) {
        int i = starts[word] + at;
        return PairTable.pair(symbols[i], symbols[i + 1]);
    }

    /**
     * Replaces the pair wherever it occurs, from left to right.
     *
     * @param changes told of each pair that the word loses or gains thereby, the merged one among them
     */
    void merge(int word, long pair, int merged, PairChanges changes) {
        int left = PairTable.left(pair);
        int right = PairTable.right(pair);
        int start = starts[word];
        int end = start + lengths[word];
        int to = start;
        int from = start;
        while (from < end) {
            if (symbols[from] != left || from + 1 == end || symbols[from + 1] != right) {
                symbols[to++] = symbols[from++];
                continue;
            }
            changes.add(pair, -1);
            if (to > start) {
                changes.add(PairTable.pair(symbols[to - 1], left), -1);
                changes.add(PairTable.pair(symbols[to - 1], merged), 1);
            }
            if (from + 2 < end) {
                changes.add(PairTable.pair(right, symbols[from + 2]), -1);
                changes.add(PairTable.pair(merged, symbols[from + 2]), 1);
            }
            symbols[to++] = merged;
            from += 2;
        }
        lengths[word] = to - start;
    }

    /** Does in every word what these merges do, the first rule first. */
    void repeat(List<TokenizerModel.Merge> merges) {
        Map<Long, Integer> ranks = new HashMap<>();
        for (int i = 0; i < merges.size(); i++) {
            ranks.putIfAbsent(PairTable.pair(merges.get(i).left(), merges.get(i).right()), i);
        }
        PairChanges ignored = new PairChanges();
        for (int word = 0; word < size() && !merges.isEmpty(); word++) {
            for (int rank = lowest(word, ranks); rank < merges.size(); rank = lowest(word, ranks)) {
                TokenizerModel.Merge merge = merges.get(rank);
                ignored.clear();
                merge(word, PairTable.pair(merge.left(), merge.right()), merge.merged(), ignored);
            }
        }
    }

    private int lowest(int word, Map<Long, Integer> ranks) {
        int lowest = Integer.MAX_VALUE;
        for (int at = 0; at + 1 < lengths[word]; at++) {
            lowest = Math.min(lowest, ranks.getOrDefault(pairAt(word, at), Integer.MAX_VALUE));
        }
        return lowest;
    }
}
