package io.peregrine.rewrite.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanUpRewriterTest {
    private static String clean(String text) {
        return CleanUpRewriter.clean(text);
    }

    @Test
    void whiteSpaceIsPutInOrder() {
        assertThat(clean("  one\t two\u00A0 three \r\n\r\n\r\n\nfour\u200B  \n"))
                .isEqualTo("one two three\n\nfour");
    }

    @Test
    void linesBrokenToAWidthAreJoined() {
        String wrapped = """
                This paragraph was broken to a width of sixty characters,
                as mail and plain text files often are, and every line of
                it is filled as far as the next word allows.
                """;
        assertThat(clean(wrapped))
                .isEqualTo("This paragraph was broken to a width of sixty characters, as mail and plain text files"
                        + " often are, and every line of it is filled as far as the next word allows.");
    }

    @Test
    void linesThatWereNotFilledStay() {
        String verse = """
                Tyger Tyger, burning bright,
                In the forests of the night;
                What immortal hand or eye,
                Could frame thy fearful symmetry?""";
        assertThat(clean(verse)).isEqualTo(verse);
        String list = "A first line that is by far the longest of the three lines\nshort\nalso short";
        assertThat(clean(list)).isEqualTo(list);
    }

    @Test
    void aHyphenGoesOnlyIfTheDocumentSpellsTheWordWithoutIt() {
        String text = "The tokenizer reads the text of all documents and a token-\n"
                + "izer that is well trained never loses one byte of a well-\n"
                + "known text.";
        assertThat(clean(text)).contains("and a tokenizer that").contains("a well-known text.");
    }

    @Test
    void headingsAndListsAreMarkdown() {
        assertThat(
                        clean(
                                "Title\n=====\nText.\n\nPart\n----\n\u2022  one\n\u2022 two\n    \u25E6 inner\n2) three\n##  C# ##\n"))
                .isEqualTo("# Title\n\nText.\n\n## Part\n\n- one\n- two\n  - inner\n2. three\n\n## C#");
    }

    @Test
    void furnitureAndEmptyBulletsGo() {
        assertThat(
                        clean(
                                "Skip to main content\nThe text.\n\u2022\n| |\n\nShare this:\n\n* * *\n\nMore text. Read more\n"))
                .isEqualTo("The text.\n\nMore text. Read more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```java\nint  a;\n\n\n\tint b;  \n```",
                "~~~\n# not a heading\n* * *\n~~~",
                "\\begin{align}\n  a &=  b \\\\\n\n  c &= d\n\\end{align}",
                "$$\nx  =  y\n$$",
                "\\[ a  + b \\]",
                "    indented  code\n    more  code",
                "| a  | b |\n|----|---|\n| 1  | 2 |",
                "```\nnever closed  \n * * *",
            })
    void codeFormulasAndTablesStayToTheCharacter(String verbatim) {
        assertThat(clean("Before  it.\n\n" + verbatim)).isEqualTo("Before it.\n\n" + verbatim);
    }

    @Test
    void inlineCodeAndFormulasKeepTheirBlanks() {
        assertThat(clean("Call  `f(a,  b)` here.\nand $a  b$ there"))
                .isEqualTo("Call  `f(a,  b)` here.\nand $a  b$ there");
    }

    @Test
    void cleaningTwiceIsCleaningOnce() {
        List<String> pieces = List.of(
                "A line of running text that is long enough to have been broken to a width.\n",
                "short\n",
                "\n",
                "\u2022 item\n",
                "   - deeper item\n",
                "3) numbered\n",
                "## Heading ##\n",
                "Title\n=====\n",
                "```\ncode  \n```\n",
                "    code\n",
                "$$ x $$\n",
                "| a | b |\n",
                "* * *\n",
                "read more\n",
                "hyphen-\n",
                "\u2022\n",
                "two  blanks\t tab\n",
                "---\n");
        ForAll.forAll(300, gen -> {
            StringBuilder text = new StringBuilder();
            for (int i = gen.between(0, gen.size() / 5); i >= 0; i--) {
                text.append(pieces.get(gen.between(0, pieces.size() - 1)));
            }
            String once = clean(text.toString());
            assertThat(clean(once)).as(text.toString()).isEqualTo(once);
        });
    }

    @Test
    void anyTextIsTaken() {
        ForAll.forAll(200, gen -> assertThat(clean(gen.text())).doesNotContain("\r"));
        assertThat(clean("")).isEmpty();
        assertThat(clean("\uD800")).isEqualTo("\uD800");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-", "a-", "* ", "#", "# ", "|", "| ", " ", "1,", "$", "\\", "`", "a ", "\n", "- a\n", "a\n"})
    void hostileRunsCostNoMoreThanOtherText(String unit) {
        String text = unit.repeat(200_000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> clean(text));
    }
}
