/**
 * Text to token ids and back: a byte-level BPE tokenizer, trained here and read by every Hugging Face library.
 *
 * <p>Before: {@code data.dedup} and rewriting leave the texts. After: {@code mixture} packs the ids into sequences. The
 * counting of a corpus and the encoding of a table are wired to Spark in {@code data.jobs}; what is here is plain Java.
 *
 * <p>Reading order: {@link io.peregrine.data.tokenizer.PreTokenizer} cuts a text, by
 * {@link io.peregrine.data.tokenizer.SplitRules}, into pieces that no token crosses;
 * {@link io.peregrine.data.tokenizer.PretokenCounter} counts them; {@link io.peregrine.data.tokenizer.TokenizerTraining} chooses
 * {@link io.peregrine.data.tokenizer.LatexCommands} and has {@link io.peregrine.data.tokenizer.BpeTrainer} turn counts into
 * merges, kept in a {@link io.peregrine.data.tokenizer.MergeJournal}, giving a
 * {@link io.peregrine.data.tokenizer.TokenizerModel};
 * {@link io.peregrine.data.tokenizer.TokenizerFiles} writes and reads that as {@code tokenizer.json};
 * {@link io.peregrine.data.tokenizer.BpeTokenizer} encodes and decodes with it;
 * {@link io.peregrine.data.tokenizer.TokenBytes} is how ids lie in tables, and
 * {@link io.peregrine.data.tokenizer.TokenStatistics} what became of the text;
 * {@link io.peregrine.data.tokenizer.TokenizerReport} compares tokenizers on samples.
 *
 * <p>Ids: the special tokens come first ({@link io.peregrine.data.tokenizer.SpecialTokens}), then the 256 bytes in the
 * order of {@link io.peregrine.data.tokenizer.ByteAlphabet}, then whole pre-tokens that were put in, then one id per merge.
 * No text ever encodes to a special token, even if it spells one out.
 *
 * <p>Lone surrogates cannot be written in UTF-8. Wherever text enters this package they are replaced by U+FFFD
 * ({@link io.peregrine.data.tokenizer.WellFormed}); ingestion has already done the same before it computed ids.
 */
package io.peregrine.data.tokenizer;
