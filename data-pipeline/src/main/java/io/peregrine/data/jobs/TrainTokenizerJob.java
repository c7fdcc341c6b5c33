package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.data.tokenizer.TokenizerModel;
import io.peregrine.data.tokenizer.TokenizerTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Trains the tokenizer on the unique documents of the run: counting on the cluster, merging on the driver. Either goes on
 * where it was killed.
 */
public final class TrainTokenizerJob implements StageJob {
    private final TokenizerConfig config;

    public TrainTokenizerJob(TokenizerConfig config) {
        this.config = config;
    }

    @Override
    public Stage stage() {
        return Stage.TOKENIZER;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DECONTAMINATE);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(List.of(config, config.latex().listed()));
    }

    @Override
    public Outcome run(StageContext context) {
        PretokenCounting.Counted counted = new PretokenCounting(config, context).counted();
        List<PretokenCount> pretokens = new ArrayList<>();
        List<PretokenCount> commands = new ArrayList<>();
        Iterator<Row> rows = context.at(counted.table())
                .select("pretoken", "count", "marked")
                .toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            pretokens.add(new PretokenCount(row.getString(0), row.getLong(1)));
            if (row.getLong(2) > 0) {
                commands.add(new PretokenCount(row.getString(0), row.getLong(2)));
            }
        }
        TokenizerModel model =
                new TokenizerTraining(config, context.folder(), context.progress()).train(pretokens, commands);
        requireVocabulary(model);
        Map<String, Long> counts = new LinkedHashMap<>(counted.facts());
        counts.put("vocabulary", (long) config.vocabSize());
        counts.put("merges", (long)
                model.withVocabSize(config.vocabSize()).merges().size());
        counts.put("latex-commands", (long) model.injected());
        return new Outcome(write(model, context, counted.table()), counts);
    }

    /** Each size in a folder of its own; that with which documents are tokenized in the stage's. */
    private Map<String, TableVersion> write(TokenizerModel model, StageContext context, TableVersion pretokens) {
        Map<String, TableVersion> outputs = new LinkedHashMap<>();
        outputs.put(PretokenCounting.TABLE, pretokens);
        for (int size : config.vocabSizes()) {
            Path folder = TokenizerFiles.folder(context.folder(), config, size);
            TokenizerFiles.write(model.withVocabSize(size), folder);
            for (String name : TokenizerFiles.NAMES) {
                Path file = folder.resolve(name);
                outputs.put(context.folder().relativize(file).toString(), context.file(file));
            }
        }
        return outputs;
    }

    private void requireVocabulary(TokenizerModel model) {
        List<Integer> sizes = config.vocabSizes();
        int largest = sizes.get(sizes.size() - 1);
        int learned = model.tokens().size();
        if (learned < largest) {
            throw new DataException(
                    ("tokenizer: the training text has no pair of tokens left that occurs %d times or more; the vocabulary"
                                    + " is at %,d of %,d tokens. Ask for fewer, lower tokenizer.pair-count-min or"
                                    + " tokenizer.pretoken-count-min, or give more text (tokenizer.training-bytes-per-stream)")
                            .formatted(config.pairCountMin(), learned, largest));
        }
    }
}
