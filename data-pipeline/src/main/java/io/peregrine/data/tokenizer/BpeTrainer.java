package io.peregrine.data.tokenizer;

import io.peregrine.data.progress.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

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
    private final Training training;
    private final TrainingWords words;
    private final PairTable pairs = new PairTable();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final PairChanges changes = new PairChanges();

    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<TokenizerModel.Merge> merges = new ArrayList<>();

    /**
     * What is to be trained.
     *
     * @param vocabSize entries of the vocabulary
     * @param special those that have the first ids
     * @param split how the pre-tokens were cut
     * @param injected pre-tokens that are tokens from the start; they are not trained on
     * @param pretokenCountMin pre-tokens seen less often are not trained on
     * @param pairCountMin pairs seen less often are not merged
     */
    record Training(
            int vocabSize,
            SpecialTokens special,
            SplitRules split,
            List<String> injected,
            long pretokenCountMin,
            long pairCountMin) {
        Training {
            injected = List.copyOf(injected);
        }

        /** The largest vocabulary of these settings, with these pre-tokens in it from the start. */
        static Training of(TokenizerConfig config, List<String> injected) {
            List<Integer> sizes = config.vocabSizes();
            return new Training(
                    sizes.get(sizes.size() - 1),
                    config.special(),
                    config.split(),
                    injected,
                    config.pretokenCountMin(),
                    config.pairCountMin());
        }

        Training withVocabSize(int other) {
            return new Training(other, special, split, injected, pretokenCountMin, pairCountMin);
        }
    }

    /** A pair and the count it had when it was put into the queue. */
    private record Candidate(long count, long pair, int slot) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair, other.pair);
        }
    }

    private BpeTrainer(List<PretokenCount> pretokens, Training training) {
        this.training = training;
        this.tokens = new ArrayList<>(training.special().names());
        for (char c : ByteAlphabet.sorted()) {
            add(String.valueOf(c));
        }
        List<String> injected =
                training.injected().stream().map(ByteAlphabet::write).toList();
        injected.forEach(this::add);
        this.words = TrainingWords.of(pretokens, training.pretokenCountMin(), ids, injected);
    }

    private void add(String token) {
        ids.put(token, tokens.size());
        tokens.add(token);
    }

    /** Trains a tokenizer of the largest of the settings' sizes, without injected pre-tokens. */
    public static TokenizerModel train(List<PretokenCount> pretokens, TokenizerConfig config, Progress progress) {
        return train(pretokens, Training.of(config, List.of()), MergeJournal.NONE, progress);
    }

    /**
     * Trains a tokenizer.
     *
     * @param pretokens what the corpus consists of, each pre-token once
     * @param journal keeps the merges; those that it has from an earlier attempt are not learned again
     * @return its vocabulary is smaller than asked for if the words have too few frequent pairs
     */
    static TokenizerModel train(
            List<PretokenCount> pretokens, Training training, MergeJournal journal, Progress progress) {
        return new BpeTrainer(pretokens, training).train(journal, progress);
    }

    private TokenizerModel train(MergeJournal journal, Progress progress) {
        repeat(journal.merges());
        countPairs();
        int begin = tokens.size();
        try (Progress.Task task = progress.task("merge", "tokens", training.vocabSize() - (long) begin)) {
            while (tokens.size() < training.vocabSize()) {
                Candidate best = next();
                if (best == null) {
                    break;
                }
                int before = tokens.size();
                merge(best);
                task.advance(tokens.size() - (long) before);
                journal.note(merges);
            }
        }
        journal.finish(merges);
        return new TokenizerModel(
                tokens, merges, training.special(), training.injected().size(), training.split());
    }

    /** Does what an earlier attempt learned, word by word: the state is that in which the attempt was. */
    private void repeat(List<TokenizerModel.Merge> learned) {
        for (TokenizerModel.Merge merge : learned) {
            merges.add(merge);
            tokenOf(PairTable.pair(merge.left(), merge.right()));
        }
        words.repeat(learned);
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
        if (count >= training.pairCountMin()) {
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
        pairs.beginTouching();
        for (int word : pairs.takeWords(best.slot)) {
            changes.clear();
            words.merge(word, best.pair, merged, changes);
            long count = words.count(word);
            for (int i = 0; i < changes.size(); i++) {
                int slot = pairs.slot(changes.pair(i));
                pairs.add(slot, changes.delta(i) * count);
                if (changes.delta(i) > 0) { // only pairs with the merged token become more frequent
                    pairs.noteWord(slot, word);
                    pairs.touch(slot);
                }
            }
        }
        for (int i = 0; i < pairs.touched(); i++) {
            offer(pairs.touchedSlot(i));
        }
    }

    private int tokenOf(long pair) {
        String text = tokens.get(PairTable.left(pair)) + tokens.get(PairTable.right(pair));
        return ids.computeIfAbsent(text, fresh -> {
            tokens.add(fresh);
            return tokens.size() - 1;
        });
    }
}
