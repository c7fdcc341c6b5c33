package io.peregrine.data.tokenizer;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;

/**
 * How the tokenizer is trained.
 *
 * @param vocabSize entries of the vocabulary, special tokens included
 * @param reservedTokens special tokens, at the first ids
 * @param trainingBytesPerStream most text that each stream contributes, in bytes of UTF-8
 * @param pretokenCountMin pre-tokens seen less often are not trained on
 * @param pairCountMin pairs seen less often are not merged
 */
public record TokenizerConfig(
        @Key(unit = "tokens", doc = "entries of the vocabulary, special tokens included; a multiple of 128")
        int vocabSize,

        @Key(unit = "tokens", doc = "special tokens at the first ids, among them padding, begin and end of text")
        int reservedTokens,

        @Key(
                unit = "bytes",
                doc = "most text each stream contributes to training; which documents is decided by a hash")
        long trainingBytesPerStream,

        @Key(unit = "occurrences", doc = "rarer pre-tokens are not trained on; keeps large corpora within memory")
        long pretokenCountMin,

        @Key(unit = "occurrences", doc = "rarer pairs are not merged")
        long pairCountMin) {
    /** 1,024 reserved tokens as Falcon-H1 has them (arXiv:2507.22448), and its smallest vocabulary. */
    public static final TokenizerConfig DEFAULTS = new TokenizerConfig(32_768, 1_024, 1_000_000_000L, 1, 2);

    private static final int VOCAB_STEP = 128; // whole tiles in the matrix products over the vocabulary
    private static final int VOCAB_MAX = 1 << 20;

    public TokenizerConfig {
        if (reservedTokens < SpecialTokens.COUNT_MIN) {
            throw new ConfigException(
                    "reserved-tokens", reservedTokens, "must be >= %d tokens".formatted(SpecialTokens.COUNT_MIN));
        }
        if (vocabSize % VOCAB_STEP != 0 || vocabSize > VOCAB_MAX) {
            throw new ConfigException(
                    "vocab-size", vocabSize, "must be a multiple of %d, <= %d".formatted(VOCAB_STEP, VOCAB_MAX));
        }
        if (vocabSize < reservedTokens + ByteAlphabet.BYTES) {
            throw new ConfigException(
                    "vocab-size",
                    vocabSize,
                    "must hold the reserved tokens and the 256 bytes: >= %d"
                            .formatted(reservedTokens + ByteAlphabet.BYTES));
        }
        positive("training-bytes-per-stream", trainingBytesPerStream);
        positive("pretoken-count-min", pretokenCountMin);
        positive("pair-count-min", pairCountMin);
    }

    private static void positive(String key, long value) {
        if (value < 1) {
            throw new ConfigException(key, value, "must be >= 1");
        }
    }
}
