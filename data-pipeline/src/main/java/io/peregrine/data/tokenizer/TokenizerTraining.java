package io.peregrine.data.tokenizer;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.progress.Progress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From counts to a tokenizer: chooses the LaTeX commands that become tokens, then learns the merges, keeping both in
 * journals in a folder, from which a later attempt goes on.
 */
public final class TokenizerTraining {
    private final TokenizerConfig config;
    private final Path folder;
    private final Progress progress;

    /** @param folder for the journals */
    public TokenizerTraining(TokenizerConfig config, Path folder, Progress progress) {
        this.config = config;
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * Trains a tokenizer of the largest of the settings' sizes.
     *
     * @param pretokens what the corpus consists of, each pre-token once
     * @param commands pre-tokens of the domains whose LaTeX commands count; those that are no commands do not matter
     * @return its vocabulary is smaller than asked for if the words have too few frequent pairs
     */
    public TokenizerModel train(List<PretokenCount> pretokens, List<PretokenCount> commands) {
        String digest = digest(pretokens);
        List<String> injected = config.latex().listed();
        if (config.latex().commands() > 0) {
            injected = chosen(pretokens, commands, digest);
        }
        BpeTrainer.Training training = BpeTrainer.Training.of(config, injected);
        return learn(pretokens, training, digest, "merges.journal");
    }

    /**
     * The commands that save most tokens: those of the smallest vocabulary, whose merges are learned once without any
     * command in it, to see how many tokens each takes.
     */
    private List<String> chosen(List<PretokenCount> pretokens, List<PretokenCount> commands, String digest) {
        BpeTrainer.Training plain = BpeTrainer.Training.of(config, List.of())
                .withVocabSize(config.vocabSizes().get(0));
        TokenizerModel model = learn(pretokens, plain, digest, "merges-without-latex.journal");
        List<PretokenCount> counts = commands.stream()
                .filter(count -> LatexCommands.isCommand(count.pretoken()))
                .toList();
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < model.tokens().size(); id++) {
            ids.put(model.tokens().get(id), id);
        }
        TrainingWords words = TrainingWords.of(counts, 1, ids, List.of());
        words.repeat(model.merges());
        Map<String, Integer> tokens = new HashMap<>();
        for (int word = 0; word < words.size(); word++) {
            tokens.put(words.text(word), words.length(word));
        }
        return config.latex().chosen(counts, command -> tokens.get(ByteAlphabet.write(command)));
    }

    private TokenizerModel learn(
            List<PretokenCount> pretokens, BpeTrainer.Training training, String digest, String name) {
        MergeJournal journal = MergeJournal.open(
                folder.resolve(name), ConfigDigest.of(Map.of("counts", digest, "training", training)));
        return BpeTrainer.train(pretokens, training, journal, progress);
    }

    /** Of the counts in the order of the words. */
    private static String digest(List<PretokenCount> pretokens) {
        PayloadDigest digest = new PayloadDigest();
        pretokens.stream()
                .sorted(Comparator.comparing(PretokenCount::pretoken))
                .forEach(count -> digest.add(count.pretoken()).add(count.count()));
        return digest.hex();
    }
}
