package io.peregrine.data.text;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Words cursor = new Words(text);
        while (cursor.next()) {
            words.add(text.substring(cursor.start(), cursor.end()));
        }
        return words;
    }

    @Test
    void nothingHasNoWords() {
        assertThat(words("")).isEmpty();
        assertThat(words(" \t\r\n\u0085\u00a0\u2028\u3000")).isEmpty();
    }

    @Test
    void runsOfLettersAndDigitsAreWords() {
        assertThat(words("Two words, foo_bar x1")).containsExactly("Two", "words", ",", "foo_bar", "x1");
        assertThat(words("na\u00efve nai\u0308ve")).containsExactly("na\u00efve", "nai\u0308ve");
    }

    @Test
    void apostrophesJoinWordsAndSeparatorsJoinDigits() {
        assertThat(words("don't rock'n'roll l\u2019eau 'quoted'"))
                .containsExactly("don't", "rock'n'roll", "l\u2019eau", "'", "quoted", "'");
        assertThat(words("1,234.5 10:30 1/2 3. a.b x,y"))
                .containsExactly("1,234.5", "10:30", "1/2", "3", ".", "a", ".", "b", "x", ",", "y");
    }

    @Test
    void equalSymbolsAreOneWord() {
        assertThat(words("...--##!? \u2026\u2026")).containsExactly("...", "--", "##", "!", "?", "\u2026\u2026");
        assertThat(words("well-known")).containsExactly("well", "-", "known");
    }

    @Test
    void scriptsWithoutSpacesHaveOneWordPerLetter() {
        assertThat(words("\u4eca\u5929 a\u3042\u30a2\u0e01\u0e34\u0e02"))
                .containsExactly("\u4eca", "\u5929", "a", "\u3042", "\u30a2", "\u0e01\u0e34", "\u0e02");
        assertThat(words("\uc2dc\uc7a5\uc5d0 \uac00\uc11c")).containsExactly("\uc2dc\uc7a5\uc5d0", "\uac00\uc11c");
    }

    @Test
    void astralCharactersAndLoneSurrogatesAreHandledWhole() {
        assertThat(words("\uD83E\uDD85\uD83E\uDD85 \uD835\uDC00b"))
                .containsExactly("\uD83E\uDD85\uD83E\uDD85", "\uD835\uDC00b");
        assertThat(words("\uDC00\uDC00a\uD800")).containsExactly("\uDC00\uDC00", "a", "\uD800");
        Words cursor = new Words("\uD835\uDC00\uD835\uDC01");
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.codePoints()).isEqualTo(2);
    }

    @Test
    void everyCharacterThatIsNotSpaceIsInOneWord() {
        forAll(300, gen -> {
            String text = gen.text();
            StringBuilder visible = new StringBuilder();
            text.codePoints().filter(c -> !CodePoints.is(c, CodePoints.SPACE)).forEach(visible::appendCodePoint);
            assertThat(String.join("", words(text))).isEqualTo(visible.toString());
        });
    }

    @Test
    void whitespaceAndLettersArePythons() {
        for (int c : new int[] {9, 10, 0x1c, 0x1f, 0x85, 0xa0, 0x2007, 0x202f, 0x2028, 0x3000}) {
            assertThat(CodePoints.is(c, CodePoints.SPACE)).as("U+%04X", c).isTrue();
        }
        for (int c : new int[] {0x200b, 0x180e, 0xfeff, 'a', 0xd800}) {
            assertThat(CodePoints.is(c, CodePoints.SPACE)).as("U+%04X", c).isFalse();
        }
        assertThat(CodePoints.is(0x2160, CodePoints.LETTER)).isFalse();
        assertThat(CodePoints.is(0x2160, CodePoints.ALPHANUMERIC)).isTrue();
        assertThat(CodePoints.is(0xff11, CodePoints.PUNCTUATION)).isTrue();
        assertThat(CodePoints.is('\t', CodePoints.BLANKED)).isFalse();
        assertThat(CodePoints.is(0x0964, CodePoints.PUNCTUATION)).isTrue();
    }
}
