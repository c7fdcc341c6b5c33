package io.peregrine.data.filters.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageWordsTest {
    private static List<String> words(String splitter, String text) {
        Spans spans = new Spans();
        WordSplitters.of(splitter).split(text, spans);
        return spans.words(text);
    }

    /** Expected words were computed with jieba 0.42.1 on texts written for this test. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            \u6211\u4eec\u660e\u5929\u53bb\u5317\u4eac\u5927\u5b66\u770b\u671b\u738b\u5c0f\u660e\u8001\u5e08\uff0c\u597d\u5417\uff1f | \u6211\u4eec \u660e\u5929 \u53bb \u5317\u4eac\u5927\u5b66 \u770b\u671b \u738b\u5c0f\u660e \u8001\u5e08 \uff0c \u597d \u5417 \uff1f
            \u5409\u6797\u7701\u957f\u6625\u5e02\u76843.5%\u589e\u957f\u7387\u4e3aC++\u548cAT&T\u768410,000.5\u500d\u3002 | \u5409\u6797\u7701 \u957f\u6625\u5e02 \u7684 3.5% \u589e\u957f\u7387 \u4e3a C++ \u548c AT&T \u7684 10 , 000.5 \u500d \u3002
            \u5c0f\u660e\u7855\u58eb\u6bd5\u4e1a\u4e8e\u4e2d\u56fd\u79d1\u5b66\u9662\u8ba1\u7b97\u6240\uff0c\u540e\u5728\u65e5\u672c\u4eac\u90fd\u5927\u5b66\u6df1\u9020 | \u5c0f\u660e \u7855\u58eb \u6bd5\u4e1a \u4e8e \u4e2d\u56fd\u79d1\u5b66\u9662 \u8ba1\u7b97\u6240 \uff0c \u540e \u5728 \u65e5\u672c\u4eac\u90fd\u5927\u5b66 \u6df1\u9020
            \u4ed6\u6765\u5230\u4e86\u7f51\u6613\u676d\u7814\u5927\u53a6\uff0c\u4e70\u4e86iPhone15-Pro\u548ca.b.c#1\u3002 | \u4ed6 \u6765\u5230 \u4e86 \u7f51\u6613 \u676d\u7814 \u5927\u53a6 \uff0c \u4e70 \u4e86 iPhone15 - Pro \u548c a . b . c# 1 \u3002
            \u7d50\u5a5a\u7684\u548c\u5c1a\u672a\u7d50\u5a5a\u7684\u78ba\u5be6\u5728\u5e72\u64fe\u5206\u8a5e\u554a | \u7d50\u5a5a \u7684 \u548c \u5c1a\u672a \u7d50\u5a5a \u7684 \u78ba\u5be6 \u5728 \u5e72\u64fe \u5206\u8a5e \u554a
            \u4e54\u5e03\u65af\u548c\u9a6c\u65af\u514b\u5728\u63a8\u7279_\u4e0a\u5435\u67b6\uff1aA+B=50%\u5417\u2026 | \u4e54\u5e03\u65af \u548c \u9a6c\u65af\u514b \u5728 \u63a8\u7279 _ \u4e0a \u5435\u67b6 \uff1a A + B = 50% \u5417 \u2026
            \u9fcb\u9f98\u9750\u9f49\u7229\u7684\u4e48 | \u9fcb \u9f98 \u9750 \u9f49 \u7229 \u7684 \u4e48
            B\u8d85\u68c0\u67e5\u3001T\u6064\u886b\u3001\u5361\u62c9OK | B\u8d85 \u68c0\u67e5 \u3001 T\u6064\u886b \u3001 \u5361\u62c9 OK
            """)
    void chineseWordsAreThoseOfJieba(String text, String words) {
        assertThat(words(JiebaWords.PROFILE, text)).containsExactly(words.split(" "));
    }

    @Test
    void whitespaceOfAllKindsIsNoChineseWord() {
        assertThat(words(JiebaWords.PROFILE, "\u4f60\u597d\u3000\r\n\u4e16\u754c\u00a0\ud83d\ude00\u20ac"))
                .containsExactly("\u4f60\u597d", "\u4e16\u754c", "\ud83d\ude00", "\u20ac");
    }

    /** Expected words were computed with the published regular expressions in Python on texts written for this test. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            1, 2, 3 | 1 , 2 , 3
            x 1, 2 / 3, y 4. | x 1,2/3 , y 4 .
            1 , 2 x 3: 4 | 1 , 2 x 3:4
            12,34xyz56, 78 a7, 8b 9/10 | 12 , 34xyz56,78 a7,8b 9/10
            5 a\\\\b {c}_d\u0964\u0965 | 5 a\\\\b { c } _ d \u0964 \u0965
            """)
    void hindiWordsAreThoseOfTheIndicLibrary(String text, String words) {
        assertThat(words(IndicWords.HINDI, text).stream()
                        .map(word -> word.replace(" ", ""))
                        .toList())
                .containsExactly(words.split(" "));
    }

    @Test
    void lineEndsSeparateNoIndicWordsAndAreCutOffAtTheirEnds() {
        assertThat(words(IndicWords.HINDI, "a\nb\n c\u00a0d \n 1,\n2\t3"))
                .containsExactly("a\nb", "c\u00a0d", "1", ",", "2", "3");
        assertThat(WordSplitters.of(IndicWords.HINDI).ignoresBlanks()).isTrue();
    }

    @Test
    void urduHasMarksOfItsOwnAndJoinsNoNumbers() {
        assertThat(words(IndicWords.URDU, "x 1, 2\u060c y\u06d4 \u0964"))
                .containsExactly("x", "1", ",", "2", "\u060c", "y", "\u06d4", "\u0964");
    }

    @Test
    void japaneseAndKoreanWordsAreMorphemes() {
        assertThat(words(MorphemeWords.JAPANESE, "\u6771\u4eac\u306b\u884c\u304d\u307e\u3057\u305f\u3002 \u3000A!"))
                .containsExactly(
                        "\u6771\u4eac", "\u306b", "\u884c\u304d", "\u307e\u3057", "\u305f", "\u3002", "A", "!");
        assertThat(words(MorphemeWords.KOREAN, "\ud559\uad50\uc5d0\uc11c \uacf5\ubd80\ub97c."))
                .containsExactly("\ud559\uad50", "\uc5d0\uc11c", "\uacf5\ubd80", "\ub97c", ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jieba-0.42", "indic-nlp-hi", "indic-nlp-ur", "lucene-9-ipadic", "lucene-9-ko-dic"})
    void wordsAreInOrderAndLeaveOutNothingButWhitespace(String name) {
        WordSplitter splitter = WordSplitters.of(name);
        Spans spans = new Spans();
        ForAll.forAll(150, gen -> {
            String text = gen.text() + "\u6771\u4eac\u306f\ud55c\uad6d\uc5d0 1, 2. \u4e2d\u56fd\u4eba";
            splitter.split(text, spans);
            StringBuilder joined = new StringBuilder();
            int end = 0;
            for (int i = 0; i < spans.size(); i++) {
                assertThat(spans.start(i)).isGreaterThanOrEqualTo(end);
                assertThat(spans.length(i)).isPositive();
                end = spans.end(i);
                joined.append(text, spans.start(i), end);
            }
            assertThat(visible(joined)).isEqualTo(visible(text));
        });
    }

    private static String visible(CharSequence text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().filter(c -> !CodePoints.is(c, CodePoints.SPACE)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    /** Ten megabytes of UTF-8 in all, each text without a space. */
    @ParameterizedTest
    @ValueSource(strings = {"jieba-0.42", "indic-nlp-hi", "indic-nlp-ur", "lucene-9-ipadic", "lucene-9-ko-dic"})
    void timeIsLinearWhateverIsRepeated(String name) {
        WordSplitter splitter = WordSplitters.of(name);
        Spans spans = new Spans();
        for (String part : List.of("\u4e2d", "\u4e2d\u56fd\u4eba\u6c11", "\uac00\ub098", "\u30ab", "1,", "a")) {
            String bait = part.repeat(720_000 / part.length());
            splitter.split(bait, spans);
            assertThat(spans.end(spans.size() - 1)).as(part).isEqualTo(bait.length());
        }
    }
}
