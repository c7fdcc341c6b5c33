package io.peregrine.rewrite.accept;

import static io.peregrine.rewrite.accept.FactKind.DATES;
import static io.peregrine.rewrite.accept.FactKind.IDENTIFIERS;
import static io.peregrine.rewrite.accept.FactKind.LATEX;
import static io.peregrine.rewrite.accept.FactKind.NUMBERS;
import static io.peregrine.rewrite.accept.FactKind.UNITS;
import static io.peregrine.rewrite.accept.FactKind.URLS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FactKindTest {
    private static Arguments of(FactKind kind, String text, String... facts) {
        return Arguments.of(kind, text, List.of(facts));
    }

    static List<Arguments> texts() {
        return List.of(
                of(NUMBERS, "1,234.5 at 10:30, 2/3.", "1,234.5", "10:30", "2/3"),
                of(NUMBERS, "\u0664\u0662 and v2", "2", "42"),
                of(NUMBERS, "none"),
                of(DATES, "on 2024-03-05", "2024-03-05"),
                of(DATES, "on 5 March 2024", "2024-03-05"),
                of(DATES, "on March 5, 2024", "2024-03-05"),
                of(DATES, "on the 5th of nothing"),
                of(DATES, "Mar. 5th 2024", "2024-03-05"),
                of(DATES, "am 5. M\u00e4rz 2024", "2024-03-05"),
                of(DATES, "el 5 de marzo de 2024", "2024-03-05"),
                of(DATES, "5 \u043c\u0430\u0440\u0442\u0430 2024", "2024-03-05"),
                of(DATES, "in March 2024", "2024-03-?"),
                of(DATES, "on March 5", "?-03-05"),
                of(DATES, "they may 5 times"),
                of(DATES, "2024-13-05 and 12345-01-01"),
                of(UNITS, "5 km, 12% and 20\u00b0C", "12 %", "20 \u00b0C", "5 km"),
                of(UNITS, "$5 and 6 \u20ac", "5 $", "6 \u20ac"),
                of(UNITS, "$5 $6", "5 $", "6 $"),
                of(DATES, "5\nMarch\n2024", "2024-03-05"),
                of(UNITS, "5\nkm", "5 km"),
                of(UNITS, "5 apples, 3kilo"),
                of(URLS, "See https://a.org/x. (http://b.org/(y))", "http://b.org/(y)", "https://a.org/x"),
                of(URLS, "HTTP://A.org, [l](https://c.de/z)", "http://A.org", "https://c.de/z"),
                of(URLS, "xhttp://a.org ://b http://"),
                of(IDENTIFIERS, "call get_name or readLine()", "get_name", "readLine"),
                of(IDENTIFIERS, "__init__ of Plain words HTML 4you", "__init__"),
                of(LATEX, "$a$ and $$b$$ and \\(c\\) and \\[d\\]", "a", "b", "c", "d"),
                of(LATEX, "from $5 to $6 is \\alpha", "\\alpha"),
                of(LATEX, "$5$ dollars \\$ and $x\\$y$", "5", "x\\$y"),
                of(LATEX, "$a  +\n  b$ \\(c\nd\\)", "a  + b", "c d"),
                of(LATEX, "$open\n$ \\["),
                of(LATEX, "$a\n\nb$"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("texts")
    void findsThem(FactKind kind, String text, List<String> facts) {
        assertThat(kind.of(text).keySet()).containsExactlyElementsOf(facts);
    }
}
