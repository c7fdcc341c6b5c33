package io.peregrine.data.code.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxCheckTest {
    private final SyntaxCheck check = new SyntaxCheck();
    private final SourceScanner scanner = new SourceScanner();

    private double errors(String language, String text) {
        CodeLanguage known = CodeLanguages.named(language).orElseThrow();
        scanner.scan(text, known);
        return check.errors(text, known, scanner);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "json | {\"a\": [1, null]} | 0",
                "json | {\"a\": [1, null} | 1",
                "json | {'a': 1} | 1",
                "json | {} {} | 1",
                "json | 3 | 0",
                "json5 | {a: 1, /* b */ 'c': 2,} | 0",
                "json5 | {a: 1 | 1",
                "json-lines | {} {} [] | 0",
                "json-lines | {} { | 1",
                "xml | <a b='c'><d/></a> | 0",
                "xml | <a><d></a> | 1",
                "xml | <a>&undefined;</a> | 0",
                "xml | text | 1",
                "java | class A {} | 0",
                "java | class A { | 1",
                "python | x = ( | 1",
            })
    void errorsByLanguage(String language, String text, double errors) {
        assertThat(errors(language, text)).isEqualTo(errors);
    }

    @Test
    void emptyJsonIsNoValue() {
        assertThat(errors("json", " ")).isEqualTo(1);
        assertThat(errors("json", "\uFEFF[]")).isZero();
    }

    @Test
    void whatIsNotCheckedIsNotMeasured() {
        assertThat(errors("markdown", "(")).isNaN();
        assertThat(errors("perl", "(")).isNaN();
    }

    @Test
    void documentTypesFetchAndGrowNothing() {
        String bomb = "<!DOCTYPE a [<!ENTITY b \"" + "x".repeat(1000) + "\"><!ENTITY c \"" + "&b;".repeat(1000)
                + "\"><!ENTITY d SYSTEM \"file:///etc/hostname\">]><a>" + "&c;".repeat(1000) + "&d;</a>";
        assertThat(errors("xml", bomb)).isBetween(0.0, 1.0);
    }

    @Test
    void deepNestingIsAnErrorAndNoOverflow() {
        assertThat(errors("json", "[".repeat(3_000_000))).isEqualTo(1);
        assertThat(errors("xml", "<a>".repeat(1_000_000))).isEqualTo(1);
        assertThat(errors("java", "{".repeat(3_000_000))).isEqualTo(3_000_000);
    }
}
