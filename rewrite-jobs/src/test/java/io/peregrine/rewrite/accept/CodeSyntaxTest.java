package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeSyntaxTest {
    private final CodeSyntax syntax = new CodeSyntax();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u00a7',
            value = {
                "java   | record A(int x) { int y() { return x; } } | 0",
                "java   | int y() { return 1; }                     | 0",
                "java   | int x = 1; System.out.println(x);         | 0",
                "java   | class A { int y( { } }                    | 1",
                "java   | if x then y                               | 1",
                "json   | {\"a\": [1, 2]}                           | 0",
                "json   | {\"a\": [1, 2}                            | 1",
                "json   | {a: 1}                                    | 1",
                "python | f(x)[1]                                   | 0",
                "python | f(x                                       | 1",
                "py     | 'open                                     | 1",
                "xml    | <a><b/></a>                               | 0",
                "xml    | <a><b></a>                                | 1",
                "nolang | ((((                                      | 0",
            })
    void listingsAreHeldToTheirLanguage(String language, String code, int wrong) {
        assertThat(syntax.wrong("Text\n```" + language + "\n" + code + "\n```\nmore", "en"))
                .isEqualTo(wrong);
    }

    @Test
    void anAnswerWithoutFencesIsOfTheDocumentsLanguage() {
        assertThat(syntax.wrong("class A {", "java")).isOne();
        assertThat(syntax.wrong("class A {}", "java")).isZero();
        assertThat(syntax.wrong("class A {", "en")).isZero();
    }

    @Test
    void aFenceMustClose() {
        assertThat(syntax.wrong("```\nx\n", "en")).isOne();
        assertThat(syntax.wrong("```java\nint x;\n```\n```json\n{\n```", "en")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "((a)->",
                "(A<B<",
                "x=(a<b,a<b,",
                "a<b,",
                "A<",
                "{",
                "if(a)",
                "!",
                "a?b:",
                "new A(){{",
                "x->",
                "\"",
                "/*",
                "(a)",
                "[",
                "@A(",
                "a.",
                "a+",
                "-",
                "int a=(int)(",
                "switch(a){case ",
                "\\u005c",
                "}",
                "\u0000",
                "f(()->{"
            })
    void hostileJavaCostsBoundedTime(String unit) {
        for (int length : new int[] {CodeSyntax.PARSED_MAX, 4 * CodeSyntax.PARSED_MAX}) {
            String code = unit.repeat(length / unit.length());
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> syntax.wrong(code, "java"));
        }
    }
}
