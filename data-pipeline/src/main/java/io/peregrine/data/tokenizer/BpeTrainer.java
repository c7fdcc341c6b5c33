package io.peregrine.data.tokenizer;

import io.peregrine.data.progress.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns byte-pair merges: again and again the most frequent pair of neighbours becomes a token.
 *
 * <p>The merges are those of Hugging Face's {@code BpeTrainer} for the same words: equal counts are decided by the lower
 * ids, and a merge whose text is already a token makes that token again. Counts are 64 bits wide here and 32 there, so
 * beyond 2^31 occurrences of a pair the two differ and this one is right.
 *
 * <p>The result depends on the counts alone, not on the order of the words. One thread; time and memory grow with the
 * number of different words, not with the corpus.
 *
 * @see <a href="https://aclanthology.org/P16-1162/">Sennrich et al., Neural machine translation of rare words with subword
 *     units, section 3.2</a>
 */
public final class BpeTrainer {
    private final TokenizerConfig config;
    private final TrainingWords words;
    private final PairTable pairs = new PairTable();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<TokenizerModel.Merge> merges = new ArrayList<>();

    /** A pair and the count it had when it was put into the queue. */
    private record Candidate(long count, long pair, int slot) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair, other.pair);
        }
    }

    private BpeTrainer(List<PretokenCount> pretokens, TokenizerConfig config) {
        this.config = config;
        this.tokens = new ArrayList<>(SpecialTokens.names(config.reservedTokens()));
        Map<Character, Integer> alphabet = new HashMap<>();
        for (char c : ByteAlphabet.sorted()) {
            alphabet.put(c, tokens.size());
            ids.put(String.valueOf(c), tokens.size());
            tokens.add(String.valueOf(c));
        }
        this.words = TrainingWords.of(pretokens, config.pretokenCountMin(), alphabet);
    }

    /**
     * Trains a tokenizer.
     *
     * @param pretokens what the corpus consists of, each pre-token once
     * @return its vocabulary is smaller than asked for if the words have too few frequent pairs
     */
    public static TokenizerModel train(List<PretokenCount> pretokens, TokenizerConfig config, Progress progress) {
        return new BpeTrainer(pretokens, config).train(progress);
    }

    private TokenizerModel train(Progress progress) {
        countPairs();
        try (Progress.Task task = progress.task("merge", "tokens", config.vocabSize() - (long) tokens.size())) {
            while (tokens.size() < config.vocabSize()) {
                Candidate best = next();
                if (best == null) {
                    break;
                }
                int before = tokens.size();
                merge(best);
                task.advance(tokens.size() - (long) before);
            }
        }
        return new TokenizerModel(tokens, merges, config.reservedTokens());
    }

    private void countPairs() {
        for (int word = 0; word < words.size(); word++) {
            for (int at = 0; at + 1 < words.length(word); at++) {
                int slot = pairs.slot(words.pairAt(word, at));
                pairs.add(slot, words.count(word));
                pairs.noteWord(slot, word);
            }
        }
        for (int slot = 0; slot < pairs.size(); slot++) {
            offer(slot);
        }
    }

    private void offer(int slot) {
        long count = pairs.count(slot);
        if (count >= config.pairCountMin()) {
            queue.add(new Candidate(count, pairs.pairAt(slot), slot));
        }
    }

    /** The most frequent pair, or null if none is frequent enough. Counts in the queue may be out of date. */
    private Candidate next() {
        for (Candidate best = queue.poll(); best != null; best = queue.poll()) {
            if (best.count == pairs.count(best.slot)) {
                return best;
            }
            offer(best.slot);
        }
        return null;
    }

    private void merge(Candidate best) {
        int merged = tokenOf(best.pair);
        merges.add(new TokenizerModel.Merge(PairTable.left(best.pair), PairTable.right(best.pair), merged));
        Set<Integer> touched = new LinkedHashSet<>();
        for (int word : pairs.takeWords(best.slot)) {
            if (words.has(word, best.pair)) {
                countWord(word, -words.count(word));
                words.merge(word, best.pair, merged);
                countWord(word, words.count(word));
                noteNewPairs(word, merged, touched);
            }
        }
        touched.forEach(this::offer);
    }

    private int tokenOf(long pair) {
        String text = tokens.get(PairTable.left(pair)) + tokens.get(PairTable.right(pair));
        return ids.computeIfAbsent(text, fresh -> {
            tokens.add(fresh);
            return tokens.size() - 1;
        });
    }

    private void countWord(int word, long delta) {
        for (int at = 0; at + 1 < words.length(word); at++) {
            pairs.add(pairs.slot(words.pairAt(word, at)), delta);
        }
    }

    /** Only pairs with the merged token can have become more frequent. */
    private void noteNewPairs(int word, int merged, Set<Integer> touched) {
        for (int at = 0; at + 1 < words.length(word); at++) {
            long pair = words.pairAt(word, at);
            if (PairTable.left(pair) == merged || PairTable.right(pair) == merged) {
                int slot = pairs.slot(pair);
                pairs.noteWord(slot, word);
                touched.add(slot);
            }
        }
    }
}
