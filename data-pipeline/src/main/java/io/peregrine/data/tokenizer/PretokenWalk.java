package io.peregrine.data.tokenizer;

/** The pre-tokens of a text side by side with the tokens that each was encoded to. */
final class PretokenWalk {
    private PretokenWalk() {}

    /** Told of one pre-token. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param start index of its first character
         * @param end index behind its last
         * @param bytes its size in UTF-8
         * @param tokens how many tokens it became
         */
        void visit(int start, int end, long bytes, int tokens);
    }

    /**
     * Visits every pre-token in order.
     *
     * @param text well-formed
     * @param ids what the tokenizer encoded the text to
     */
    static void each(String text, int[] ids, BpeTokenizer tokenizer, Visitor visitor) {
        PreTokenizer preTokenizer = tokenizer.preTokenizer();
        int token = 0;
        for (int start = 0; start < text.length(); ) {
            int end = preTokenizer.end(text, start);
            long bytes = PretokenCounter.utf8Bytes(text, start, end);
            int first = token;
            for (long covered = 0; covered < bytes; token++) {
                covered += tokenizer.byteLength(ids[token]);
            }
            visitor.visit(start, end, bytes, token - first);
            start = end;
        }
    }
}
