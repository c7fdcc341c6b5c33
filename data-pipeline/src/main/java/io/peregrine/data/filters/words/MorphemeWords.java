package io.peregrine.data.filters.words;

import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.apache.lucene.analysis.ko.KoreanTokenizer;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Japanese and Korean morphemes by a dictionary of costs, as Lucene's tokenizers find them, without those that are whitespace.
 *
 * <p>The best path through the words of the dictionary is looked for in windows of bounded length, so that time is linear and
 * memory bounded whatever the text.
 */
public final class MorphemeWords implements WordSplitter {
    /** Japanese by the IPA dictionary, each word as a whole. */
    public static final String JAPANESE = "lucene-9-ipadic";
    /** Korean by mecab-ko-dic, compounds and inflected forms as wholes. */
    public static final String KOREAN = "lucene-9-ko-dic";

    private final String profile;
    private final Tokenizer tokenizer;
    private final OffsetAttribute offsets;

    private MorphemeWords(String profile, Tokenizer tokenizer) {
        this.profile = profile;
        this.tokenizer = tokenizer;
        this.offsets = tokenizer.addAttribute(OffsetAttribute.class);
    }

    public static MorphemeWords japanese() {
        return new MorphemeWords(JAPANESE, new JapaneseTokenizer(null, false, true, JapaneseTokenizer.Mode.NORMAL));
    }

    public static MorphemeWords korean() {
        return new MorphemeWords(
                KOREAN,
                new KoreanTokenizer(
                        KoreanTokenizer.DEFAULT_TOKEN_ATTRIBUTE_FACTORY,
                        null,
                        KoreanTokenizer.DecompoundMode.NONE,
                        false,
                        false));
    }

    @Override
    public String profile() {
        return profile;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        try {
            tokenizer.setReader(new CharArrayReader(text.toString().toCharArray()));
            tokenizer.reset();
            while (tokenizer.incrementToken()) {
                int start = PythonText.skipSpace(text, offsets.startOffset(), offsets.endOffset());
                int end = PythonText.trimSpace(text, start, offsets.endOffset());
                if (start < end) {
                    words.add(start, end);
                }
            }
            tokenizer.end();
            tokenizer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        }
    }
}
