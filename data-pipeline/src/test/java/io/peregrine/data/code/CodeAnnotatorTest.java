package io.peregrine.data.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.testing.ForAll;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeAnnotatorTest {
    private final CodeAnnotator annotator = new CodeAnnotator(CodeConfig.DEFAULTS);

    private Annotation annotate(String path, String text) {
        return annotator.annotate(Document.of("s", "code", "o", path, "und", text));
    }

    private double value(CodeSignal signal, String path, String text) {
        return annotate(path, text).value(signal.ordinal());
    }

    @Test
    void theSignalsAreThoseOfTheTable() {
        assertThat(annotator.signals()).hasSameSizeAs(CodeSignal.values());
        assertThat(new HashSet<>(annotator.signals().stream().map(Signal::name).toList()))
                .hasSameSizeAs(CodeSignal.values());
        assertThat(annotator.signals().get(CodeSignal.LONGEST_LINE.ordinal()).name())
                .isEqualTo("code_longest_line");
    }

    @Test
    void theLanguageIsFoundAndTheTextStays() {
        Document document = annotate("lib/lamp.h", "#include <vector>\n").document();
        assertThat(document.language()).isEqualTo("cpp");
        assertThat(document.text()).isEqualTo("#include <vector>\n");
        Document kept = annotator
                .annotate(Document.of("s", "code", "o", "no-name", "java", "class A {"))
                .document();
        assertThat(kept.language()).isEqualTo("java");
    }

    @Test
    void lengthsAreInCodePoints() {
        String text = "\uD835\uDC00b\u00e9\r\n\r\nx";
        assertThat(value(CodeSignal.CHARACTERS, "a.c", text)).isEqualTo(8);
        assertThat(value(CodeSignal.BYTES, "a.c", text)).isEqualTo(4 + 1 + 2 + 4 + 1);
        assertThat(value(CodeSignal.LINES, "a.c", text)).isEqualTo(3);
        assertThat(value(CodeSignal.LONGEST_LINE, "a.c", text)).isEqualTo(3);
        assertThat(value(CodeSignal.MEAN_LINE, "a.c", text)).isEqualTo(4 / 3.0);
        assertThat(value(CodeSignal.VISIBLE, "a.c", text)).isEqualTo(4);
    }

    @Test
    void sharesOfCharacters() {
        String text = "ab1  ;\uFFFD\n\u0001";
        assertThat(value(CodeSignal.ALPHANUMERIC_RATIO, "a.c", text)).isEqualTo(3 / 9.0);
        assertThat(value(CodeSignal.ALPHABETIC_RATIO, "a.c", text)).isEqualTo(2 / 9.0);
        assertThat(value(CodeSignal.VISIBLE_ALPHABETIC_RATIO, "a.c", text)).isEqualTo(2 / 6.0);
        assertThat(value(CodeSignal.DIGIT_RATIO, "a.c", text)).isEqualTo(1 / 6.0);
        assertThat(value(CodeSignal.WHITESPACE_RATIO, "a.c", text)).isEqualTo(3 / 9.0);
        assertThat(value(CodeSignal.REPLACEMENT_RATIO, "a.c", text)).isEqualTo(1 / 9.0);
        assertThat(value(CodeSignal.CONTROL_CHARACTERS, "a.c", text)).isEqualTo(1);
    }

    @Test
    void commentsLiteralsAndLines() {
        String text = "/* todo */\nx = \"ab\";\n\nassert(x); // y\n}\n}\nx = \"ab\";\n";
        assertThat(value(CodeSignal.COMMENT_RATIO, "a.c", text)).isEqualTo(14.0 / text.length());
        assertThat(value(CodeSignal.STRING_RATIO, "a.c", text)).isEqualTo(8.0 / (text.length() - 14));
        assertThat(value(CodeSignal.PROMPT_COMMENT_RATIO, "a.c", text)).isEqualTo(1 / 7.0);
        assertThat(value(CodeSignal.ASSERT_RATIO, "a.c", text)).isEqualTo(1 / 5.0);
        assertThat(value(CodeSignal.DUPLICATE_LINE_RATIO, "a.c", text)).isEqualTo(2 / 5.0);
        assertThat(value(CodeSignal.COMMENT_RATIO, "a.json", "{}")).isNaN();
        assertThat(value(CodeSignal.SYNTAX_ERRORS, "a.c", text)).isEqualTo(2);
    }

    @Test
    void longWordsAndNumbers() {
        String word = "x".repeat(19);
        assertThat(value(CodeSignal.LONG_STRING_WORD_RATIO, "a.c", "\"" + word + "\""))
                .isEqualTo(1);
        assertThat(value(CodeSignal.LONG_STRING_WORD_RATIO, "a.c", "\"" + word.substring(1) + "\""))
                .isZero();
        assertThat(value(CodeSignal.LONG_STRING_WORD_RATIO, "a.c", "\"https://" + word + "\""))
                .isZero();
        assertThat(value(CodeSignal.HEX_RATIO, "a.c", "0x1F+z0x1F+0xG")).isEqualTo(4 / 14.0);
        assertThat(value(CodeSignal.LONG_STRING_LINES_RATIO, "a.c", "f(\"" + "w ".repeat(20) + "w\")"))
                .isEqualTo(1);
        assertThat(value(CodeSignal.LONG_STRING_LINES_RATIO, "a.c", "f(\"" + "w ".repeat(19) + "w\")"))
                .isZero();
    }

    @Test
    void statementsOfPython() {
        String text = "import os\nfrom a import b\ndef f():\n    return 1\nasync def g():\n    x = 1\n    return x\n"
                + "password = 1\npass\nprint(x)\ndef h():\n    return 2\n";
        assertThat(value(CodeSignal.PYTHON_IMPORT_RATIO, "a.py", text)).isEqualTo(2 / 12.0);
        assertThat(value(CodeSignal.PYTHON_FUNCTION_RATIO, "a.py", text)).isEqualTo(3 / 12.0);
        assertThat(value(CodeSignal.PYTHON_SIMPLE_FUNCTION_RATIO, "a.py", text)).isEqualTo(2 / 12.0);
        assertThat(value(CodeSignal.PYTHON_PASS_RATIO, "a.py", text)).isEqualTo(1 / 12.0);
        assertThat(value(CodeSignal.PYTHON_PRINT_RATIO, "a.py", text)).isEqualTo(1 / 12.0);
        assertThat(value(CodeSignal.PYTHON_PASS_RATIO, "a.rb", text)).isNaN();
    }

    @Test
    void whatAReaderSeesOfAPage() {
        String page = "<html><head><style>p{}</style><script>if (a<b) c();</script></head>"
                + "<!-- note --><p>One  <b>two</b>\n</p></html>";
        assertThat(value(CodeSignal.HTML_VISIBLE_CHARACTERS, "a.html", page)).isEqualTo(7);
        assertThat(value(CodeSignal.HTML_VISIBLE_RATIO, "a.html", page)).isEqualTo(7.0 / page.length());
        assertThat(value(CodeSignal.HTML_VISIBLE_RATIO, "a.xml", "<a/>")).isNaN();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.go | // Code generated by lampgen. DO NOT EDIT. | 1",
                "a.c | /* @generated */ | 1",
                "a.c | /* @generatedBy hand */ | 0",
                "a.py | # This file was automatically generated | 1",
                "a.py | # Generated by lampgen 3.1 | 1",
                "a.py | import x\\n# generated by running each step | 0",
                "a.py | x = '# Generated by lampgen' | 0",
                "a.py | # The tables are made by hand, do not edit | 0",
                "a.py | # Tables, generated from the list\\n# Please do not edit | 1",
                "a.json | {\"comment\": \"do not edit, generated\"} | 1",
                "a.c | int x; | 0",
            })
    void programsThatSayTheyWroteIt(String path, String text, double generated) {
        assertThat(value(CodeSignal.GENERATED, path, text.replace("\\n", "\n"))).isEqualTo(generated);
    }

    @Test
    void publishedRulesForGeneratedFiles() {
        assertThat(value(CodeSignal.GENERATED_HEAD, "a.c", "\n".repeat(4) + "x Auto-Generated"))
                .isEqualTo(1);
        assertThat(value(CodeSignal.GENERATED_HEAD, "a.c", "\n".repeat(5) + "x Auto-Generated"))
                .isZero();
        assertThat(value(CodeSignal.GENERATED_WORD, "a.c", "x".repeat(192) + "generate"))
                .isEqualTo(1);
        assertThat(value(CodeSignal.GENERATED_WORD, "a.c", "x".repeat(193) + "generate"))
                .isZero();
    }

    @Test
    void minifiedByShape() {
        String packed = "function a(b){return b+1};".repeat(5);
        assertThat(value(CodeSignal.MINIFIED, "a.js", packed)).isEqualTo(1);
        assertThat(value(CodeSignal.MINIFIED, "a.js", packed.substring(0, 110))).isZero();
        assertThat(value(CodeSignal.MINIFIED, "a.js", packed.replace("{", "{ ").replace("+", " + ") + "   "))
                .isZero();
        assertThat(value(CodeSignal.MINIFIED, "a.java", packed)).isZero();
        assertThat(value(CodeSignal.MINIFIED, "a.min.js", "x")).isEqualTo(1);
    }

    @Test
    void dataByLanguageAndByDigits() {
        assertThat(value(CodeSignal.DATA, "a.csv", "x,y")).isEqualTo(1);
        assertThat(value(CodeSignal.DATA, "a.py", "ab=12;")).isZero();
        assertThat(value(CodeSignal.DATA, "a.py", "ab=12")).isEqualTo(1);
    }

    @Test
    void nothingIsMeasuredOfNothing() {
        Annotation empty = annotate("a.py", "");
        assertThat(empty.value(CodeSignal.VISIBLE.ordinal())).isZero();
        assertThat(empty.value(CodeSignal.LINES.ordinal())).isZero();
        assertThat(empty.value(CodeSignal.MEAN_LINE.ordinal())).isNaN();
        assertThat(empty.value(CodeSignal.COMMENT_RATIO.ordinal())).isNaN();
        assertThat(annotate("a.py", " \n").value(CodeSignal.ALPHANUMERIC_RATIO.ordinal()))
                .isNaN();
    }

    @Test
    void sharesAreSharesWhateverTheText() {
        List<String> names = List.of("a.py", "a.js", "a.html", "a.json", "a.zzz", "a.sh", "a.xml");
        ForAll.forAll(300, gen -> {
            String text = gen.text();
            for (String name : names) {
                Annotation annotation = annotate(name, text);
                for (CodeSignal signal : CodeSignal.values()) {
                    double value = annotation.value(signal.ordinal());
                    boolean share =
                            signal.signal().unit().equals("0..1") && signal != CodeSignal.LONG_STRING_LINES_RATIO;
                    assertThat(Double.isNaN(value) || (value >= 0 && (!share || value <= 1)))
                            .as("%s of %s: %s", signal, name, value)
                            .isTrue();
                }
            }
        });
    }

    @Test
    void oneLongLineIsMeasuredInLinearTime() {
        for (String piece : List.of("<", "0x", "a ", "<a", "=/[", "'")) {
            String text = piece.repeat(2_000_000 / piece.length());
            assertThat(value(CodeSignal.CHARACTERS, "a.js", text)).isEqualTo(text.length());
            assertThat(value(CodeSignal.CHARACTERS, "a.html", text)).isEqualTo(text.length());
        }
    }

    @Test
    void settingsThatMakeNoSense() {
        assertThatThrownBy(() -> new CodeConfig(-1, 110, 0.4, 1000))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("head-lines = -1: must be >= 0 lines");
        assertThatThrownBy(() -> new CodeConfig(1, 110, 1.1, 1000)).hasMessageContaining("must be 0 to 1");
        assertThatThrownBy(() -> new CodeConfig(1, 0, 0.4, 1000)).hasMessageContaining("must be > 0 characters");
        assertThatThrownBy(() -> new CodeConfig(1, 1, 0.4, 9)).hasMessageContaining("must be 10 to 10000000 words");
    }
}
