package io.peregrine.data.tokenizer;

import java.util.List;

/**
 * A trained tokenizer: what {@code tokenizer.json} says of the vocabulary.
 *
 * @param tokens the tokens by id, special tokens first; those after them in the characters of {@link ByteAlphabet}
 * @param merges pairs of neighbours that become one token, the first rule applied first
 * @param reservedTokens how many of the tokens are special
 */
public record TokenizerModel(List<String> tokens, List<Merge> merges, int reservedTokens) {
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
}
