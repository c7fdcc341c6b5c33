package io.peregrine.data.tokenizer;

/**
 * How many words of a text are whole in one token. A word is a pre-token of letters, with or without the space before it.
 *
 * @param words words
 * @param singleTokenWords those of them that are one token
 */
public record WordCount(long words, long singleTokenWords) {
    /** The count for a text and the tokens it was encoded to. */
    public static WordCount of(String text, int[] ids, BpeTokenizer tokenizer) {
        String wellFormed = WellFormed.of(text);
        long[] words = new long[2]; // all, and those in one token
        PretokenWalk.each(wellFormed, ids, tokenizer, (start, end, bytes, tokens) -> {
            if (CodePointClasses.of(wellFormed.codePointBefore(end)) == CodePointClasses.LETTER
                    && wellFormed.charAt(start) != '\\') {
                words[0]++;
                words[1] += tokens == 1 ? 1 : 0;
            }
        });
        return new WordCount(words[0], words[1]);
    }

    /** Both together. */
    public WordCount plus(WordCount other) {
        return new WordCount(words + other.words, singleTokenWords + other.singleTokenWords);
    }
}
