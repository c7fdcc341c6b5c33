package io.peregrine.data.text;

/**
 * spaCy's sentencizer: a sentence begins with the first token that is not punctuation behind a token that ends one.
 *
 * <p>A token that is one of the marks that end sentences, and nothing else, ends one, so an ellipsis does not. Whitespace
 * that is a token, which is all but a single space behind a word, begins sentences too.
 */
public final class SpacySentences implements SentenceCounter {
    private final WordSplitter words;
    private final Spans spans = new Spans();
    private char[] buffer = new char[1024];

    /** @param words the tokens, without those that are whitespace */
    public SpacySentences(WordSplitter words) {
        this.words = words;
    }

    /** The tokens of which the sentences are made. */
    public WordSplitter words() {
        return words;
    }

    @Override
    public int count(CharSequence text) {
        int length = text.length();
        if (buffer.length < length) {
            buffer = new char[length * 2];
        }
        for (int i = 0; i < length; i++) {
            buffer[i] = text.charAt(i);
        }
        words.split(text, spans);
        return count(buffer, 0, length, spans, 0, spans.size());
    }

    /**
     * Counts the sentences of a part of a text whose words are known.
     *
     * @param from index of the part's first UTF-16 unit
     * @param to index behind its last
     * @param tokens words of the text
     * @param first number of the first word of the part
     * @param last number behind that of its last
     */
    public static int count(char[] text, int from, int to, Spans tokens, int first, int last) {
        int sentences = from == to ? 0 : 1;
        boolean ended = false;
        int end = from;
        for (int token = first; token < last; token++) {
            int start = tokens.start(token);
            if (ended && isToken(text, from, end, start)) {
                sentences++;
                ended = false;
            }
            end = tokens.end(token);
            if (isEnd(text, start, end)) {
                ended = true;
            } else if (ended && !isPunctuation(text, start, end)) {
                sentences++;
                ended = false;
            }
        }
        return ended && isToken(text, from, end, to) ? sentences + 1 : sentences;
    }

    /** Whether the whitespace between two words is a token: not if it is nothing, or one space behind a word. */
    private static boolean isToken(char[] text, int textStart, int from, int to) {
        return to - from > 1 || (to - from == 1 && (text[from] != ' ' || from == textStart));
    }

    private static boolean isEnd(char[] text, int from, int to) {
        int c = text[from];
        if (to - from > 1) {
            if (to - from > 2 || !Character.isHighSurrogate(text[from])) {
                return false;
            }
            c = Character.codePointAt(text, from, to);
        }
        return SpacyCharacters.is(c, SpacyCharacters.SENTENCE_END);
    }

    private static boolean isPunctuation(char[] text, int from, int to) {
        for (int at = from; at < to; ) {
            int c = Character.codePointAt(text, at, to);
            if (!SpacyCharacters.is(c, SpacyCharacters.PUNCTUATION)) {
                return false;
            }
            at += Character.charCount(c);
        }
        return true;
    }
}
