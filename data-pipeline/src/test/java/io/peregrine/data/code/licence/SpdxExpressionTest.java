package io.peregrine.data.code.licence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpdxExpressionTest {
    @ParameterizedTest
    @CsvSource({
        "MIT, MIT",
        "MIT or Apache-2.0, MIT OR Apache-2.0",
        "(MIT OR GPL-2.0+) AND BSD-3-Clause, (MIT OR GPL-2.0+) AND BSD-3-Clause",
        "MIT OR ISC AND Zlib, MIT OR (ISC AND Zlib)",
        "Apache-2.0 WITH LLVM-exception, Apache-2.0 WITH LLVM-exception",
        "((MIT)), MIT",
    })
    void expressions(String text, String written) {
        assertThat(SpdxExpression.parse(text).orElseThrow()).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MIT MIT",
                "MIT OR",
                "AND MIT",
                "(MIT",
                "MIT)",
                "MIT WITH",
                "see LICENSE file",
                "MIT/X11",
                "()"
            })
    void whatIsNone(String text) {
        assertThat(SpdxExpression.parse(text)).isEmpty();
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThat(SpdxExpression.parse("(".repeat(100) + "MIT" + ")".repeat(100)))
                .isEmpty();
        assertThat(SpdxExpression.parse("MIT OR ".repeat(10_000) + "MIT")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "MIT, true",
        "GPL-3.0-only, false",
        "MIT OR GPL-3.0-only, true",
        "MIT AND GPL-3.0-only, false",
        "(MIT OR GPL-3.0-only) AND ISC, true",
        "Apache-2.0 WITH LLVM-exception, false",
    })
    void choices(String text, boolean satisfiable) {
        SpdxExpression expression = SpdxExpression.parse(text).orElseThrow();
        assertThat(expression.satisfiable(Set.of("MIT", "ISC")::contains)).isEqualTo(satisfiable);
    }

    @Test
    void togetherAndEither() {
        assertThat(SpdxExpression.allOf(List.of("MIT", "", "MIT", "Apache-2.0 OR MIT", "ISC AND MIT", "no licence")))
                .isEqualTo("(Apache-2.0 OR MIT) AND ISC AND MIT");
        assertThat(SpdxExpression.anyOf(List.of("MIT", "ISC AND Zlib", "Apache-2.0 OR MIT")))
                .isEqualTo("Apache-2.0 OR (ISC AND Zlib) OR MIT");
        assertThat(SpdxExpression.allOf(List.of("", "what ever this is"))).isEmpty();
    }
}
