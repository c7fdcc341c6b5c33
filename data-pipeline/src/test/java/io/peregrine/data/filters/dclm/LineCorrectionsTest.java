package io.peregrine.data.filters.dclm;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineCorrectionsTest {
    private static final String BEFORE = "A plain line before.\n";
    private static final List<String> PARTS = List.of(
            "items in cart",
            "Items In Cart",
            " ",
            "  ",
            " read more",
            "...",
            "Sign-in",
            "sign-in ",
            "3",
            "1,2.",
            "k",
            "K",
            " likes",
            "VIEWS",
            " views",
            "-",
            "x",
            "\t",
            "READ",
            "one two three four five ");
    private static final Pattern COUNTER = Pattern.compile("^\\W*\\d(?:,|\\.|\\d)*(?:k|m|b)?\\s+(?:likes|views)\\W*$");
    private static final String AFTER = "\nA plain line after.";

    /** What becomes of a line between two plain ones; null if it goes. */
    private static String corrected(String line) {
        String text = LineCorrections.correct(BEFORE + line + AFTER);
        assertThat(text).startsWith(BEFORE.strip()).endsWith(AFTER.strip());
        return text.length() < BEFORE.length() + AFTER.length()
                ? "(gone)"
                : text.substring(BEFORE.length(), text.length() - AFTER.length());
    }

    @ParameterizedTest
    @CsvSource({
        "'AB cd', 'AB cd'",
        "'ABC cd', 'ABC cd'",
        "'ABC c', (gone)",
        "'\u2160\u2161 \u24b6', (gone)",
        "'\u01c5 \u01c5', '\u01c5 \u01c5'"
    })
    void linesOfMoreThanHalfUpperCaseGo(String line, String after) {
        // 2 of 5, 3 of 6, 3 of 5, 3 of 4; Roman and circled capitals count, title-case letters do not.
        assertThat(corrected(line)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({"12, (gone)", "'\u0663\u00b2', (gone)", "'1 2', '1 2'", "'3.5 2', '3.5 2'"})
    void linesOfDigitsOnlyGo(String line, String after) {
        assertThat(corrected(line)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3 likes",
                "1,204.5k  Views",
                "** 7M followers! **",
                "\u0663 Shares",
                "12.. comments...",
                "5\u00a0retweets",
                "2 li\u212aes",
                "1b downloads"
            })
    void countersGo(String line) {
        assertThat(LineCorrections.isCounter(line)).isTrue();
        assertThat(corrected(line)).isEqualTo("(gone)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3likes",
                "likes 3",
                "a 3 likes",
                "3 likes so far",
                "3 like",
                "3km views",
                "3 views_",
                "\u00bd views",
                "3 l\u0130kes",
                "+"
            })
    void whatIsNoCounterStays(String line) {
        assertThat(LineCorrections.isCounter(line)).isFalse();
    }

    @Test
    void linesOfOneWordGoAndEmptyOnesStay() {
        assertThat(corrected("word")).isEqualTo("(gone)");
        assertThat(corrected("\t \u00a0")).isEqualTo("(gone)");
        assertThat(corrected("")).isEmpty();
        assertThat(corrected("two words")).isEqualTo("two words");
    }

    @Test
    void cartsGoFromShortLines() {
        assertThat(corrected("We hold 3 Items In Cart now")).isEqualTo("We hold 3 now");
        assertThat(corrected("items in cart")).isEqualTo("(gone)");
        assertThat(corrected("x items in cartitems in cart y")).isEqualTo("x y");
        assertThat(corrected("one two three four five six seven items in cart"))
                .as("10 words")
                .isEqualTo("one two three four five six seven");
        assertThat(corrected("one two three four five six seven eight items in cart"))
                .as("11 words")
                .isEqualTo("one two three four five six seven eight items in cart");
    }

    @Test
    void readMoreGoesFromTheEndOfShortLinesWhateverItsThreeDotsAre() {
        assertThat(corrected("A short note Read More...")).isEqualTo("A short note");
        assertThat(corrected("A short note read more >>")).isEqualTo("A short note");
        assertThat(corrected("A short note read more..")).isEqualTo("A short note read more..");
        assertThat(corrected("read more...")).isEqualTo("(gone)");
        assertThat(corrected("note read more\uD83E\uDD85\uD83E\uDD85\uD83E\uDD85"))
                .isEqualTo("note");
    }

    @Test
    void signInGoesFromTheBeginningOfShortLines() {
        assertThat(corrected("Sign-in to your account")).isEqualTo("to your account");
        assertThat(corrected("\u017f\u0131gn-in  now")).isEqualTo(" now");
        assertThat(corrected("Please sign-in")).isEqualTo("Please sign-in");
        assertThat(corrected("sign-in")).isEqualTo("(gone)");
    }

    @Test
    void laterPassesSeeWhatEarlierOnesLeft() {
        assertThat(LineCorrections.correct("LOUD\n  3 likes and more")).isEqualTo("3 likes and more");
        assertThat(LineCorrections.correct("LOUD\n  12\n")).isEmpty();
        assertThat(LineCorrections.correct("3 likes\n12\nNO\n \nword")).isEmpty();
        assertThat(LineCorrections.correct("a b items in cart Read more... ok"))
                .as("the cart goes first, but the line does not end with the link")
                .isEqualTo("a b Read more... ok");
    }

    /** The passes as the original writes them, with regular expressions, over one line in the middle. */
    private static String original(String line) {
        long upper = line.chars().filter(c -> c >= 'A' && c <= 'Z').count();
        long digits = line.chars().filter(c -> c >= '0' && c <= '9').count();
        boolean gone = !line.isEmpty()
                && (upper > line.length() / 2.0
                        || digits == line.length()
                        || COUNTER.matcher(line.toLowerCase(Locale.ROOT)).find()
                        || words(line) < 2);
        return gone
                ? "(gone)"
                : without("(?i)^sign-in\\s?", without("(?i)\\s?read more...$", without("(?i)\\s?items in cart", line)));
    }

    private static String without(String pattern, String line) {
        if (line.equals("(gone)") || line.isEmpty() || words(line) > 10) {
            return line;
        }
        String left = line.replaceAll(pattern, "");
        return left.isBlank() ? "(gone)" : left;
    }

    private static int words(String line) {
        return line.isBlank() ? 0 : line.strip().split("\\s+").length;
    }

    @Test
    void everyLineIsCorrectedAsTheOriginalsRegularExpressionsDo() {
        forAll(5000, gen -> {
            StringBuilder line = new StringBuilder();
            for (int i = gen.between(0, 7); i > 0; i--) {
                line.append(PARTS.get(gen.between(0, PARTS.size() - 1)));
            }
            assertThat(corrected(line.toString())).as("[%s]", line).isEqualTo(original(line.toString()));
        });
    }
}
