package io.peregrine.data.tokenizer;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the tokenizer is trained.
 *
 * @param vocabSize entries of the vocabulary with which documents are tokenized, special tokens included
 * @param moreVocabSizes further sizes that the same training gives
 * @param reservedTokens special tokens, at the first ids
 * @param specialTokens those of them that have names, and their ids
 * @param split how texts are cut before
 * @param latex which LaTeX commands become one token
 * @param weights how much some texts count; the first that fits a document, 1 if none does
 * @param trainingBytesPerStream most text that each stream contributes, in bytes of UTF-8
 * @param pretokenCountMin pre-tokens seen less often are not trained on
 * @param pairCountMin pairs seen less often are not merged
 */
public record TokenizerConfig(
        @Key(
                unit = "tokens",
                doc =
                        "entries of the vocabulary that documents are tokenized with, special tokens included; a multiple of 128")
        int vocabSize,

        @Key(
                unit = "tokens",
                doc = "further sizes from the same training, each with its own tokenizer.json in vocab-SIZE")
        List<Integer> moreVocabSizes,

        @Key(unit = "tokens", doc = "special tokens at the first ids, which no text produces")
        int reservedTokens,

        @Key(
                doc =
                        "names of special tokens and their ids, such as those of a chat; the others are called <|reserved_ID|>")
        Map<String, Integer> specialTokens,

        @Key(doc = "how texts are cut into the pieces that no token crosses")
        SplitRules split,

        @Key(doc = "LaTeX commands that become one token each")
        LatexCommands latex,

        @Key(doc = "how much the texts of a source, a domain or a language count; the first that fits, else 1")
        List<TextWeight> weights,

        @Key(
                unit = "bytes",
                doc = "most text each stream contributes to training; which documents is decided by a hash")
        long trainingBytesPerStream,

        @Key(unit = "occurrences", doc = "rarer pre-tokens are not trained on; keeps large corpora within memory")
        long pretokenCountMin,

        @Key(unit = "occurrences", doc = "rarer pairs are not merged")
        long pairCountMin) {
    /** 1,024 reserved tokens as Falcon-H1 has them (arXiv:2507.22448), and its smallest vocabulary. */
    public static final TokenizerConfig DEFAULTS = new TokenizerConfig(
            32_768,
            List.of(),
            1_024,
            SpecialTokens.FALCON_H1,
            SplitRules.DEFAULTS,
            LatexCommands.DEFAULTS,
            List.of(),
            1_000_000_000L,
            1,
            2);

    private static final int VOCAB_STEP = 128; // whole tiles in the matrix products over the vocabulary
    private static final int VOCAB_MAX = 1 << 20;

    public TokenizerConfig {
        moreVocabSizes = List.copyOf(moreVocabSizes);
        specialTokens = Collections.unmodifiableSortedMap(new TreeMap<>(specialTokens));
        weights = List.copyOf(weights);
        if (reservedTokens < 1) {
            throw new ConfigException("reserved-tokens", reservedTokens, "must be >= 1");
        }
        SpecialTokens.of(reservedTokens, specialTokens);
        checkSize("vocab-size", vocabSize, reservedTokens, latex);
        for (int size : moreVocabSizes) {
            checkSize("more-vocab-sizes", size, reservedTokens, latex);
        }
        if (latex.commands() + (latex.list().isPresent() ? 1 : 0) > 0 && !split.latexCommands()) {
            throw new ConfigException(
                    "split.latex-commands", false, "must be true where latex puts commands into the vocabulary");
        }
        positive("training-bytes-per-stream", trainingBytesPerStream);
        positive("pretoken-count-min", pretokenCountMin);
        positive("pair-count-min", pairCountMin);
    }

    /** One vocabulary, all else as in {@link #DEFAULTS}. */
    public TokenizerConfig(
            int vocabSize, int reservedTokens, long trainingBytesPerStream, long pretokenCountMin, long pairCountMin) {
        this(
                vocabSize,
                List.of(),
                reservedTokens,
                SpecialTokens.FALCON_H1,
                SplitRules.DEFAULTS,
                LatexCommands.DEFAULTS,
                List.of(),
                trainingBytesPerStream,
                pretokenCountMin,
                pairCountMin);
    }

    /** These settings with other rules to cut texts by. */
    public TokenizerConfig withSplit(SplitRules other) {
        return new TokenizerConfig(
                vocabSize,
                moreVocabSizes,
                reservedTokens,
                specialTokens,
                other,
                latex,
                weights,
                trainingBytesPerStream,
                pretokenCountMin,
                pairCountMin);
    }

    /** The special tokens by id. */
    SpecialTokens special() {
        return SpecialTokens.of(reservedTokens, specialTokens);
    }

    /** All sizes asked for, the smallest first. */
    public List<Integer> vocabSizes() {
        TreeSet<Integer> sizes = new TreeSet<>(moreVocabSizes);
        sizes.add(vocabSize);
        return List.copyOf(sizes);
    }

    private static void checkSize(String key, int size, int reservedTokens, LatexCommands latex) {
        if (size % VOCAB_STEP != 0 || size > VOCAB_MAX) {
            throw new ConfigException(key, size, "must be a multiple of %d, <= %d".formatted(VOCAB_STEP, VOCAB_MAX));
        }
        int first = reservedTokens + ByteAlphabet.BYTES + latex.commands();
        if (size < first) {
            String and = latex.commands() > 0 ? ", the 256 bytes and the LaTeX commands" : " and the 256 bytes";
            throw new ConfigException(key, size, "must hold the reserved tokens%s: >= %d".formatted(and, first));
        }
    }

    private static void positive(String key, long value) {
        if (value < 1) {
            throw new ConfigException(key, value, "must be >= 1");
        }
    }
}
