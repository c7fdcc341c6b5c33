package io.peregrine.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.peregrine.data.testing.ForAll;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected tokens and sentences were computed with spaCy 3.8.16 on texts written for this test. */
class SpacyEnglishTest {
    private final SpacyWords english = SpacyWords.english();
    private final SpacySentences sentences = new SpacySentences(SpacyWords.english());
    private final Spans spans = new Spans();

    private String tokens(String text) {
        english.split(text, spans);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            tokens.add(text.substring(spans.start(i), spans.end(i)));
        }
        return String.join(" ", tokens);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            Don't stop: it's 5:30p.m. on Jan. 3rd. | Do n't stop : it 's 5:30p.m . on Jan. 3rd . | 2
            U.S.-based e-mail user@example.com, see https://ex.org/a?b=c. | U.S.-based e - mail user@example.com , see https://ex.org/a?b=c . | 1
            (well-known) \u201cquotes\u201d and \u2018single\u2019\u2026 end... | ( well - known ) \u201c quotes \u201d and \u2018 single \u2019 \u2026 end ... | 1
            cannot gonna I'd've we'll they're | can not gon na I 'd 've we 'll they 're | 1
            price $5.00/kg, 10km, 3.14, 1,000,000 and 50%! | price $ 5.00 / kg , 10 km , 3.14 , 1,000,000 and 50 % ! | 1
            foo_bar snake_case a.b.c x=y 1/2 and/or | foo_bar snake_case a.b.c x = y 1/2 and/or | 1
            C++ C# .NET #hashtag @user :-) <3 | C++ C # .NET # hashtag @user :-) <3 | 1
            e.g. i.e. etc. Mr. Smith vs. Dr. Who Ph.D. | e.g. i.e. etc . Mr. Smith vs. Dr. Who Ph.D. | 2
            word.Next sentence,no space;semi | word . Next sentence , no space;semi | 2
            "'Nested quotes,'" he said--dash\u2014em \u2013 en | " ' Nested quotes , ' " he said -- dash \u2014 em \u2013 en | 1
            100mph 6ft 7'2" 90's rock'n'roll o'clock | 100 mph 6 ft 7'2 " 90 's rock'n'roll o'clock | 1
            ...ellipsis\u2026start and trailing- | ... ellipsis \u2026 start and trailing- | 1
            http://a.b www.test.com test.com/path | http://a.b www.test.com test.com/path | 1
            na\u00efve caf\u00e9 \u4e2d\u6587\u5b57\u7b26 \u304b\u306a | na\u00efve caf\u00e9 \u4e2d\u6587\u5b57\u7b26 \u304b\u306a | 1
            """)
    void publishedTablesHold(String text, String tokens, int spans) {
        assertThat(tokens(text)).isEqualTo(tokens);
        assertThat(sentences.count(text)).isEqualTo(spans);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            Mr.Smith met Bob.Then left | Mr. Smith met Bob . Then left
            smile:) foo:-(( | smile :) foo:- ( (
            (:):x | (: ) :x
            a.B word.Upper lower.lower | a. B word . Upper lower.lower
            5US$ US$5 C$7 7C$ | 5 US$ US$ 5 C$ 7 7 C$
            \u2026\u2026a a\u2026\u2026 | \u2026 \u2026 a a \u2026\u2026
            +5 +a 5+ a+ | +5 + a 5 + a+
            1-a a-1 1-2 2*3 x*y | 1 - a a-1 1 - 2 2 * 3 x*y
            x--y a---b a----b | x -- y a --- b a----b
            20\u00b0C. 20\u00b0X. | 20 \u00b0 C . 20 \u00b0 X.
            I'LL CAN'T Shouldn't've ain\u2019t | I'LL CAN'T Should n't 've ai n\u2019t
            whore were well its ill | whore were well its ill
            9am 13am 9:00am 12p.m. | 9 am 13am 9:00am 12 p.m.
            me@foo-bar.com me@foo-bar.c | me@foo-bar.com me@foo - bar.c
            8.8.8.8/abc 10.0.0.1/abc 256.1.1.1/abc | 8.8.8.8/abc 10.0.0.1 / abc 256.1.1.1 / abc
            foo-bar.com:80/x foo-bar.com:8/x | foo-bar.com:80/x foo - bar.com:8 / x
            smile\ud83d\ude00face \ud83d\ude00\ud83d\ude00 | smile \ud83d\ude00 face \ud83d\ude00 \ud83d\ude00
            5kg/m 3km\u00b2 7m/s 8lb. | 5kg / m 3 km\u00b2 7 m/s 8 lb .
            '' ' '' 'em 'tis | '' ' '' 'em ' tis
            """)
    void rulesMeet(String text, String tokens) {
        assertThat(tokens(text)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            One. Two! Three? Four | 4
            He said "No." Then left. | 2
            Wait... what?! No. | 2
            One.\u00a0Two | 2
            ... | 1
            """)
    void sentencesBeginBehindTheirEnds(String text, int expected) {
        assertThat(sentences.count(text)).isEqualTo(expected);
    }

    @Test
    void whitespaceThatIsATokenBeginsASentenceAndOneSpaceBehindAWordDoesNot() {
        assertThat(sentences.count("Done. ")).isEqualTo(1);
        assertThat(sentences.count("Done.  ")).isEqualTo(2);
        assertThat(sentences.count("Done.\n")).isEqualTo(2);
        assertThat(sentences.count(" ")).isEqualTo(1);
        assertThat(sentences.count("")).isEqualTo(0);
    }

    @Test
    void wordsAreInOrderAndLeaveOutNothingButWhitespace() {
        ForAll.forAll(300, gen -> {
            String text = gen.text();
            english.split(text, spans);
            StringBuilder joined = new StringBuilder();
            int end = 0;
            for (int i = 0; i < spans.size(); i++) {
                assertThat(spans.start(i)).isGreaterThanOrEqualTo(end);
                assertThat(spans.length(i)).isPositive();
                end = spans.end(i);
                joined.append(text, spans.start(i), end);
            }
            StringBuilder visible = new StringBuilder();
            text.codePoints().filter(c -> !CodePoints.is(c, CodePoints.SPACE)).forEach(visible::appendCodePoint);
            assertThat(joined).hasToString(visible.toString());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            ( | 1000000
            a. | 500000
            ' | 1000000
            .x | 500000
            a@ | 500000
            x | 10000000
            http://a.b/ | 100000
            1- | 500000
            \u2026 | 1000000
            '(:) | 200000
            a.com@ | 200000
            - | 1000000
            $5 | 500000
            """)
    void timeIsLinearWhateverIsRepeated(String part, int times) {
        String bait = part.repeat(times);
        assertThatCode(() -> english.split(bait, spans)).doesNotThrowAnyException();
        assertThat(spans.size()).isLessThanOrEqualTo(bait.length());
        assertThat(spans.end(spans.size() - 1)).isEqualTo(bait.stripTrailing().length());
    }
}
