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
        long words = 0;
        long single = 0;
        int token = 0;
        String wellFormed = WellFormed.of(text);
        PreTokenizer preTokenizer = tokenizer.preTokenizer();
        for (int start = 0; start < wellFormed.length(); ) {
            int end = preTokenizer.end(wellFormed, start);
            long bytes = PretokenCounter.utf8Bytes(wellFormed, start, end);
            int first = token;
            for (long covered = 0; covered < bytes; token++) {
                covered += tokenizer.byteLength(ids[token]);
            }
            if (CodePointClasses.of(wellFormed.codePointBefore(end)) == CodePointClasses.LETTER
                    && wellFormed.charAt(start) != '\\') {
                words++;
                single += token - first == 1 ? 1 : 0;
            }
            start = end;
        }
        return new WordCount(words, single);
    }

    /** Both together. */
    public WordCount plus(WordCount other) {
        return new WordCount(words + other.words, singleTokenWords + other.singleTokenWords);
    }
}
