package io.peregrine.data.tokenizer;

import java.util.List;

/**
 * A trained tokenizer: what {@code tokenizer.json} says of it.
 *
 * @param tokens the tokens by id: special ones, the 256 bytes, whole pre-tokens that were put in, products of merges; all
 *     but the first in the characters of {@link ByteAlphabet}
 * @param merges pairs of neighbours that become one token, the first rule applied first
 * @param special the special tokens
 * @param injected how many whole pre-tokens were put in, such as LaTeX commands; a pre-token that is a token is then never
 *     cut, whether merges would make it or not
 * @param split how texts are cut before
 */
public record TokenizerModel(
        List<String> tokens, List<Merge> merges, SpecialTokens special, int injected, SplitRules split) {
    public TokenizerModel {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /**
     * One rule of byte-pair encoding.
     *
     * @param left id of the first token
     * @param right id of the token after it
     * @param merged id of the token they become; two rules may make the same token
     */
    public record Merge(int left, int right, int merged) {}

    /**
     * The tokenizer that training would have ended with for this smaller vocabulary: merges are learned one after another,
     * so it is a part of this one.
     *
     * @param vocabSize entries, no fewer than there were before the first merge
     */
    public TokenizerModel withVocabSize(int vocabSize) {
        if (vocabSize >= tokens.size()) {
            return this;
        }
        int size = special.count() + ByteAlphabet.BYTES + injected;
        int kept = 0;
        while (size < vocabSize) {
            size = Math.max(size, merges.get(kept).merged() + 1);
            kept++;
        }
        return new TokenizerModel(tokens.subList(0, vocabSize), merges.subList(0, kept), special, injected, split);
    }
}
