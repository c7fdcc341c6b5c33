package io.peregrine.data.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeProfilesTest {
    private final CodeAnnotator annotator = new CodeAnnotator(CodeConfig.DEFAULTS);
    private final List<String> names =
            annotator.signals().stream().map(Signal::name).toList();

    private List<String> broken(String profile, String path, String text) {
        Annotation annotation = annotator.annotate(Document.of("s", "code", "o", path, "und", text));
        List<String> reasons = new ArrayList<>();
        for (Rule rule : Profiles.load(profile).rules(annotation.document().language())) {
            if (rule.side().broken(annotation.value(names.indexOf(rule.signal())), rule.limit())) {
                reasons.add(rule.reason());
            }
        }
        return reasons;
    }

    @ParameterizedTest
    @ValueSource(strings = {"code-stack-v1", "code-stack-v2", "code-opencoder"})
    void everyRuleHasASignalAndEveryLanguageIsOne(String name) {
        Profile profile = Profiles.load(name);
        assertThat(profile.definitions()).isEqualTo("code");
        assertThat(names).containsAll(profile.rules().stream().map(Rule::signal).toList());
        profile.languages()
                .keySet()
                .forEach(language ->
                        assertThat(CodeLanguages.named(language)).as(language).isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "code-stack-v1, java, code_few_comments, 0.01",
        "code-stack-v1, go, code_few_comments, 0",
        "code-stack-v1, python, code_many_comments, 0.8",
        "code-stack-v2, c, code_long_line, 1000",
        "code-stack-v2, markdown, code_long_line, 100000",
        "code-stack-v2, json, code_too_many_lines, 512",
        "code-stack-v2, c, code_too_many_lines, 100000",
        "code-opencoder, c, code_many_digits, 0.2",
        "code-opencoder, sql, code_many_digits, 0.3",
        "code-opencoder, json, code_too_long, 5000",
        "code-opencoder, json, code_few_different_words, 0.4",
        "code-opencoder, python, code_syntax_errors, 0",
        "code-opencoder, python, code_python_functions, 0.2",
        "code-opencoder, python, code_python_passes, 0.05",
        "code-opencoder, python, code_python_imports, 0.3",
        "code-opencoder, python, code_python_simple_functions, 0.1",
        "code-opencoder, python, code_python_prints, 0.4",
        "code-opencoder, c, code_top_2gram, 0.2",
        "code-opencoder, c, code_top_3gram, 0.18",
        "code-opencoder, c, code_top_4gram, 0.16",
        "code-opencoder, c, code_duplicate_5gram, 0.8",
        "code-opencoder, c, code_duplicate_6gram, 0.7",
        "code-opencoder, c, code_duplicate_7gram, 0.7",
        "code-opencoder, c, code_duplicate_8gram, 0.7",
        "code-opencoder, c, code_duplicate_9gram, 0.7",
        "code-opencoder, c, code_duplicate_10gram, 0.6",
        "code-opencoder, c, code_duplicate_lines, 0.7",
        "code-opencoder, c, code_too_large, 3000000",
        "code-opencoder, c, code_much_whitespace, 0.5",
        "code-opencoder, c, code_replacement_symbols, 0.01",
        "code-opencoder, c, code_long_string_words, 0.4",
        "code-opencoder, c, code_long_string_lines, 0.2",
        "code-opencoder, c, code_mostly_strings, 0.6",
        "code-opencoder, c, code_mostly_asserts, 0.4",
        "code-opencoder, c, code_prompt_comments, 0.01",
    })
    void limitsByLanguage(String profile, String language, String reason, double limit) {
        assertThat(Profiles.load(profile).rules(language))
                .filteredOn(rule -> rule.reason().equals(reason))
                .extracting(Rule::limit)
                .containsExactly(limit);
    }

    static Stream<Arguments> edges() {
        String prose = "one two three four five six seven\n".repeat(4);
        return Stream.of(
                edge("code-stack-v1", "code_empty", "a.c", "x", " "),
                edge("code-stack-v1", "code_long_line", "a.c", "x".repeat(1000), "x".repeat(1001)),
                edge("code-stack-v1", "code_long_mean_line", "a.c", lines(100, 100), lines(100, 101)),
                edge("code-stack-v1", "code_below_alphanumeric", "a.c", "x---", "x----"),
                edge("code-stack-v1", "code_xml_prologue", "a.svg", at(87, "<?xml version="), at(86, "<?xml version=")),
                edge("code-stack-v1", "code_few_comments", "a.py", "x".repeat(98) + "\n#", "x".repeat(99) + "\n#"),
                edge("code-stack-v1", "code_many_comments", "a.py", "x\n#" + "y".repeat(7), "x\n#" + "y".repeat(8)),
                edge("code-stack-v1", "code_html_below_visible_ratio", "a.html", "<p/>x", "<p a>x"),
                edge("code-stack-v1", "code_html_below_visible_text", "a.html", "x".repeat(100), "x".repeat(99)),
                edge("code-stack-v2", "code_long_line", "a.md", "x".repeat(100_000), "x".repeat(100_001)),
                edge("code-stack-v2", "code_too_many_lines", "a.json", "1\n".repeat(512), "1\n".repeat(513)),
                edge("code-stack-v2", "code_too_many_lines", "a.c", "x\n".repeat(100_000), "x\n".repeat(100_001)),
                edge("code-stack-v2", "code_below_alphabetic", "a.c", "x---", "x1---"),
                edge("code-stack-v2", "code_generated", "a.c", "// generated", "// autogenerated"),
                edge("code-stack-v2", "code_long_encoded_data", "a.c", encoded(1024), encoded(1025)),
                edge("code-stack-v2", "code_much_encoded_data", "a.c", encoded(64, 64), encoded(65, 64)),
                edge("code-opencoder", "code_too_short", "a.c", "x".repeat(50), "x".repeat(49)),
                edge("code-opencoder", "code_too_long", "a.json", "x".repeat(5000), "x".repeat(5001)),
                edge("code-opencoder", "code_few_words", "a.c", "w ".repeat(30), "w ".repeat(29)),
                edge("code-opencoder", "code_short_words", "a.c", "a bcd", "a bc"),
                edge("code-opencoder", "code_long_words", "a.c", "x".repeat(10), "x".repeat(11)),
                edge("code-opencoder", "code_too_few_lines", "a.c", "x\n".repeat(10), "x\n".repeat(9)),
                edge("code-opencoder", "code_short_mean_line", "a.c", "xxxxx\n", "xxxx\n"),
                edge("code-opencoder", "code_long_mean_line", "a.c", lines(100, 100), lines(100, 101)),
                edge("code-opencoder", "code_below_alphabetic", "a.c", "x-", "x--"),
                edge("code-opencoder", "code_many_digits", "a.c", "abcd1", "abc1"),
                edge("code-opencoder", "code_many_digits", "a.sql", "abcdefg123", "abcdef123"),
                edge("code-opencoder", "code_much_whitespace", "a.c", "x y ", "x y  "),
                edge(
                        "code-opencoder",
                        "code_replacement_symbols",
                        "a.c",
                        "x".repeat(99) + "\uFFFD",
                        "x".repeat(98) + "\uFFFD"),
                edge("code-opencoder", "code_many_comments", "a.c", "x\n//" + "y".repeat(6), "x\n//" + "y".repeat(7)),
                edge(
                        "code-opencoder",
                        "code_generated",
                        "a.c",
                        "x".repeat(193) + "generate",
                        "x".repeat(192) + "generate"),
                edge(
                        "code-opencoder",
                        "code_duplicate_lines",
                        "a.c",
                        different(3) + "same\n".repeat(7),
                        different(2) + "same\n".repeat(7)),
                edge("code-opencoder", "code_hexadecimal", "a.c", "0x1f xyzwv", "0x1f xyzw"),
                edge(
                        "code-opencoder",
                        "code_mostly_asserts",
                        "a.c",
                        "assert(a);\nassert(b);\nx\ny\nz\n",
                        "assert(a);\nassert(b);\nx\ny\n"),
                edge(
                        "code-opencoder",
                        "code_prompt_comments",
                        "a.c",
                        "x\n".repeat(99) + "//todo\n",
                        "x\n".repeat(98) + "//todo\n"),
                edge("code-opencoder", "code_mostly_strings", "a.c", "xyzw\"1234\"", "xyz\"1234\""),
                edge(
                        "code-opencoder",
                        "code_python_imports",
                        "a.py",
                        "import a\n".repeat(3) + different(7),
                        "import a\n".repeat(3) + different(6)),
                edge(
                        "code-opencoder",
                        "code_python_passes",
                        "a.py",
                        "pass\n" + different(19),
                        "pass\n" + different(18)),
                edge(
                        "code-opencoder",
                        "code_python_prints",
                        "a.py",
                        "print\n".repeat(2) + different(3),
                        "print\n".repeat(2) + different(2)),
                edge(
                        "code-opencoder",
                        "code_python_functions",
                        "a.py",
                        "def f(): x\n" + different(4),
                        "def f(): x\n" + different(3)),
                edge(
                        "code-opencoder",
                        "code_python_simple_functions",
                        "a.py",
                        "def f():\n return 1\n" + different(8),
                        "def f():\n return 1\n" + different(7)),
                edge("code-opencoder", "code_syntax_errors", "a.py", "f()", "f("),
                edge("code-opencoder", "code_few_different_words", "a.yaml", "a b a b a", "a b a b a b"),
                edge("code-opencoder", "code_top_2gram", "a.c", prose.substring(0, 34), prose));
    }

    private static Arguments edge(String profile, String reason, String path, String kept, String dropped) {
        return Arguments.of(profile, reason, path, kept, dropped);
    }

    private static String lines(int first, int second) {
        return "x".repeat(first) + "\n" + "x".repeat(first) + "\n" + "x".repeat(second);
    }

    private static String at(int index, String words) {
        return " ".repeat(index) + words;
    }

    private static String different(int lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("line").append((char) ('a' + i)).append('\n');
        }
        return text.toString();
    }

    private static String encoded(int length) {
        return encoded(length, 2000);
    }

    private static String encoded(int length, int others) {
        return "QUJD".repeat(length).substring(0, length) + " x".repeat(others).substring(0, others);
    }

    @ParameterizedTest
    @MethodSource("edges")
    void bothSidesOfEachEdge(String profile, String reason, String path, String kept, String dropped) {
        assertThat(broken(profile, path, kept)).doesNotContain(reason);
        assertThat(broken(profile, path, dropped)).contains(reason);
    }

    @Test
    void ordinaryCodePasses() {
        String java = """
                package lamp;

                /** Switches on and off, and says which. */
                final class Lamp {
                    private boolean shining;

                    void press() {
                        shining = !shining;
                    }

                    String describe(String room) {
                        return "The lamp in the " + room + " is " + (shining ? "on" : "off");
                    }
                }
                """;
        for (String profile : List.of("code-stack-v1", "code-stack-v2", "code-opencoder")) {
            assertThat(broken(profile, "Lamp.java", java)).as(profile).isEmpty();
        }
    }
}
