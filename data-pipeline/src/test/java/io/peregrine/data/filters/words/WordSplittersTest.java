package io.peregrine.data.filters.words;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import io.peregrine.data.ConfigException;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import io.peregrine.data.text.Words;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordSplittersTest {
    private static List<String> words(String splitter, String text) {
        Spans spans = new Spans();
        WordSplitters.of(splitter).split(text, spans);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            words.add(text.substring(spans.start(i), spans.end(i)));
        }
        return words;
    }

    @Test
    void everySplitterIsFoundByItsOwnName() {
        for (String name : List.of(
                Words.PROFILE,
                "python-split",
                "fasttext",
                "uax29",
                "nltk-wordpunct",
                "indic-nlp-hi",
                "indic-nlp-ur",
                "jieba-0.42",
                "lucene-9-ipadic",
                "lucene-9-ko-dic",
                "spacy-3.8-de",
                "spacy-3.8-en")) {
            assertThat(WordSplitters.of(name).profile()).isEqualTo(name);
        }
        assertThat(WordSplitters.origin("spacy-3.8-de")).contains("spaCy's words, exactly");
        assertThat(WordSplitters.origin("lucene-9-ko-dic")).contains("in place of Kiwi's words, not exact");
        assertThat(WordSplitters.origin("guess")).isEmpty();
        assertThatThrownBy(() -> WordSplitters.of("guess"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "words = guess: must be one of unicode-words-1, python-split, fasttext, uax29, nltk-wordpunct,"
                                + " indic-nlp-hi, indic-nlp-ur, jieba-0.42, lucene-9-ipadic, lucene-9-ko-dic,"
                                + " spacy-3.8-ar, spacy-3.8-cs, spacy-3.8-de, spacy-3.8-en, spacy-3.8-es,"
                                + " spacy-3.8-fr, spacy-3.8-it, spacy-3.8-nl, spacy-3.8-pl, spacy-3.8-pt,"
                                + " spacy-3.8-ro, spacy-3.8-ru, spacy-3.8-sv");
        assertThat(WordSplitters.find("guess")).isEmpty();
    }

    @Test
    void splitKnowsEveryBlankAndFastTextSevenOfThem() {
        String text = "a\u00a0b\u0085c d\u2028e\tf\u0000g\u001ch\u3000i";
        assertThat(words("python-split", text)).containsExactly("a", "b", "c", "d", "e", "f\u0000g", "h", "i");
        assertThat(words("fasttext", text)).containsExactly("a\u00a0b\u0085c", "d\u2028e", "f", "g\u001ch\u3000i");
        assertThat(words("fasttext", "\u000b\f\r\n ")).isEmpty();
    }

    @Test
    void wordPunctTakesRunsOfWordAndOfOtherCharacters() {
        assertThat(words("nltk-wordpunct", "Can't pay $3.50, snake_case!? \u00bd \uD835\uDC00b"))
                .containsExactly(
                        "Can",
                        "'",
                        "t",
                        "pay",
                        "$",
                        "3",
                        ".",
                        "50",
                        ",",
                        "snake_case",
                        "!?",
                        "\u00bd",
                        "\uD835\uDC00b");
    }

    @Test
    void segmentsFollowTheAnnex() {
        assertThat(words("uax29", "Can't pay 3.50, a.m. 10:30"))
                .containsExactly("Can't", " ", "pay", " ", "3.50", ",", " ", "a.m", ".", " ", "10", ":", "30");
        assertThat(words("uax29", "a:b me@host.org")).containsExactly("a:b", " ", "me", "@", "host.org");
        assertThat(words("uax29", "\u05d0\"\u05d1 \u05d0' \u05d0\""))
                .containsExactly("\u05d0\"\u05d1", " ", "\u05d0'", " ", "\u05d0", "\"");
        assertThat(words("uax29", "\u4eca\u5929\u3042\u30ab\u30bf\u0e01\u0e02"))
                .containsExactly("\u4eca", "\u5929", "\u3042", "\u30ab\u30bf", "\u0e01", "\u0e02");
        assertThat(words("uax29", "e\u0301a\u200db x\u0308:\u0308y 1\u200d,\u200d2"))
                .containsExactly("e\u0301a\u200db", " ", "x\u0308:\u0308y", " ", "1\u200d,\u200d2");
        assertThat(words("uax29", "\r\n \u0308a  b\n\u0308"))
                .containsExactly("\r\n", " \u0308", "a", "  ", "b", "\n", "\u0308");
        String flags = "\uD83C\uDDE9\uD83C\uDDEA\uD83C\uDDEB\uD83C\uDDF7\uD83C\uDDE9";
        assertThat(words("uax29", flags))
                .containsExactly("\uD83C\uDDE9\uD83C\uDDEA", "\uD83C\uDDEB\uD83C\uDDF7", "\uD83C\uDDE9");
        assertThat(words("uax29", "\u2764\u200d\uD83D\uDD25 a_1_"))
                .containsExactly("\u2764\u200d\uD83D\uDD25", " ", "a_1_");
    }

    /** ICU's iterator follows the annex but for the scripts that it has dictionaries for, which are left out. */
    @Test
    void segmentsAreThoseOfIcuWhereIcuHasNoDictionary() {
        String letters =
                "ab\u05d0\u05d1'\".,:;@1\u06f2_ \r\n\u0308\u200d\u200b\u00ad\u30ab\u3031\u2764\uD83C\uDDE9\u2018-";
        int[] alphabet = letters.codePoints().toArray();
        BreakIterator icu = BreakIterator.getWordInstance(ULocale.ROOT);
        forAll(3000, gen -> {
            StringBuilder text = new StringBuilder();
            for (int i = gen.between(0, 12); i > 0; i--) {
                text.appendCodePoint(alphabet[gen.between(0, alphabet.length - 1)]);
            }
            assertThat(words("uax29", text.toString())).isEqualTo(segments(icu, text.toString()));
        });
    }

    private static List<String> segments(BreakIterator icu, String text) {
        icu.setText(text);
        List<String> segments = new ArrayList<>();
        int start = icu.first();
        for (int end = icu.next(); end != BreakIterator.DONE; end = icu.next()) {
            segments.add(text.substring(start, end));
            start = end;
        }
        return segments;
    }

    @Test
    void hostileTextIsSplitInOnePass() {
        String bait = "a:" + "\u0308".repeat(5_000_000) + "1,".repeat(2_500_000);
        for (String name : List.of("python-split", "fasttext", "uax29", "nltk-wordpunct", Words.PROFILE)) {
            WordSplitter splitter = WordSplitters.of(name);
            Spans spans = new Spans();
            splitter.split(bait, spans);
            assertThat(spans.size()).as(name).isPositive();
        }
    }

    @Test
    void stopWordsAreFoundInPlace() {
        StopWords exact = StopWords.exact(List.of("the", "\u00fcber"));
        assertThat(exact.contains("on the way", 3, 6)).isTrue();
        assertThat(exact.contains("on The way", 3, 6)).isFalse();
        assertThat(exact.contains("\u00fcber", 0, 4)).isTrue();
        StopWords folded = StopWords.ignoringCase(List.of("the", "like"));
        assertThat(folded.contains("on The way", 3, 6)).isTrue();
        assertThat(folded.contains("li\u212ae", 0, 4))
                .as("the Kelvin sign is a k")
                .isTrue();
        assertThat(folded.contains("there", 0, 5)).isFalse();
        assertThat(StopWords.exact(List.of()).isEmpty()).isTrue();
        assertThat(StopWords.exact(List.of()).contains("", 0, 0)).isFalse();
    }
}
