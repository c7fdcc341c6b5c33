package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.testing.ForAll;
import io.peregrine.data.tokenizer.SplitRules.Digits;
import io.peregrine.data.tokenizer.SplitRules.Punctuation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizerTest {
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "  a",
            "a  b",
            "e\u0301 \u0301x",
            "\uD83E\uDD85\uD83E\uDD85 \uD835\uDD38\uD835\uDD39",
            "a\u0085b\u2028c\u00A0 d\u3000e",
            "\u4E2D\u6587\uFF0C\u4E16\u754C\u30AB\u30BF",
            "\uD83D\uDC69\u200D\uD83D\uDC67 \uD83D\uDC4D\uD83C\uDFFD",
            "\t\tx\t y \t",
            "\r\n\r\n \n x",
            "\\frac\\alpha2\\ \\\\begin \\\u00E9",
            "1a2 3 \u0663\u2160\u00BD12",
            "don't -- (x) ###",
            "\u0000\u0001\uFEFFa\uFFFE\uFFFF",
            "\u0939\u093F\u0928\u094D\u0926\u0940 \u0E01\u0E33",
            // Letters of Unicode 14 to 16, which libraries of different ages see differently.
            "\uD801\uDD70a \uD81B\uDFF0 \u0870b \uA7D3\uA7DC \uD83A\uDD00",
            "\u1885 \u1C89\u1C8A x");

    private static final PreTokenizer FALCON = new PreTokenizer(SplitRules.DEFAULTS);

    static List<PreTokenizer> all() {
        return SplitRules.all().stream().map(PreTokenizer::new).toList();
    }

    static List<PreTokenizer> farthestApart() {
        return List.of(FALCON, new PreTokenizer(new SplitRules(Digits.RUN, Punctuation.RUN, false)));
    }

    private static List<String> split(String text) {
        return split(FALCON, text);
    }

    private static List<String> split(Digits digits, Punctuation punctuation, boolean latex, String text) {
        return split(new PreTokenizer(new SplitRules(digits, punctuation, latex)), text);
    }

    private static List<String> split(PreTokenizer preTokenizer, String text) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = preTokenizer.end(text, start);
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    private static List<String> splitByPattern(PreTokenizer preTokenizer, String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = Pattern.compile(preTokenizer.pattern()).matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    /** A tokenizer of one word, unknown: it makes one token of each piece that the library's Split gives. */
    private static HuggingFaceTokenizer splitter(PreTokenizer preTokenizer) throws IOException {
        ObjectNode root = TokenizerFiles.JSON.createObjectNode().put("version", "1.0");
        ObjectNode split = root.putObject("pre_tokenizer").put("type", "Split");
        split.putObject("pattern").put("Regex", preTokenizer.pattern());
        split.put("behavior", "Isolated").put("invert", false);
        root.putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "?")
                .putObject("vocab")
                .put("?", 0);
        System.setProperty("RUST_FLAVOR", "cpu");
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json),
                Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    }

    private static List<String> splitByLibrary(HuggingFaceTokenizer splitter, String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        int codePoint = 0;
        for (CharSpan span : splitter.encode(text, false, false).getCharTokenSpans()) {
            // The library counts code points; its pieces leave nothing out.
            assertThat(span.getStart()).isEqualTo(codePoint);
            int end = text.offsetByCodePoints(start, span.getEnd() - span.getStart());
            pieces.add(text.substring(start, end));
            codePoint = span.getEnd();
            start = end;
        }
        return pieces;
    }

    @Test
    void cutsAsItsRulesSay() {
        assertThat(split("The cat's \\frac{12}{x}\n\n\tif  (a)"))
                .containsExactly(
                        "The", " cat", "'", "s", " ", "\\frac", "{", "1", "2", "}", "{", "x", "}", "\n\n", "\t", "if",
                        "  ", "(", "a", ")");
        assertThat(split("na\u00EFve e\u0301te\u0301")).containsExactly("na\u00EFve", " e\u0301te\u0301");
        assertThat(split("2\\pi r\\")).containsExactly("2", "\\pi", " r", "\\");
        assertThat(split("   x")).containsExactly("   ", "x");
        assertThat(split("\r\n \u2028")).containsExactly("\r\n", " \u2028");
    }

    @Test
    void cutsAsOtherRulesSay() {
        assertThat(split(Digits.THREE, Punctuation.SINGLE, true, "12345 678\\pi9"))
                .containsExactly("123", "45", " ", "678", "\\pi", "9");
        assertThat(split(Digits.RUN, Punctuation.RUN, false, "don't (12345) == 'Sure' we'LL \\frac{a}"))
                .containsExactly(
                        "don", "'t", " (", "12345", ")", " ==", " '", "Sure", "'", " we", "'LL", " \\", "frac", "{",
                        "a", "}");
        assertThat(split(Digits.SINGLE, Punctuation.RUN, true, "$$\\frac\\{x\\}$$ \\\\ ..."))
                .containsExactly("$$", "\\frac", "\\", "{", "x", "\\", "}$$", " ", "\\", "\\", " ...");
    }

    @ParameterizedTest
    @MethodSource("all")
    void equalsItsPatternInJavaAndInTheLibraryOnNastyText(PreTokenizer rules) throws IOException {
        try (HuggingFaceTokenizer splitter = splitter(rules)) {
            for (String text : NASTY) {
                assertThat(split(rules, text)).as(text).isEqualTo(splitByPattern(rules, text));
                assertThat(splitByLibrary(splitter, text)).as(text).isEqualTo(split(rules, text));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void equalsItsPatternInJavaAndInTheLibraryOnAnyText(PreTokenizer rules) throws IOException {
        try (HuggingFaceTokenizer splitter = splitter(rules)) {
            ForAll.forAll(100, gen -> {
                String text = gen.text();
                assertThat(split(rules, text)).isEqualTo(splitByPattern(rules, text));
                assertThat(splitByLibrary(splitter, text)).isEqualTo(split(rules, text));
            });
        }
    }

    /** Every code point, with a letter, a digit and punctuation before and behind it. */
    @ParameterizedTest
    @MethodSource("farthestApart")
    void equalsItsPatternInTheLibraryOnAllCodePoints(PreTokenizer rules) throws IOException {
        try (HuggingFaceTokenizer splitter = splitter(rules)) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (Character.getType(c) != Character.SURROGATE) {
                    text.append("a")
                            .appendCodePoint(c)
                            .append("1")
                            .appendCodePoint(c)
                            .append(".");
                }
                if (text.length() > 1 << 15 || c == Character.MAX_CODE_POINT) {
                    assertThat(splitByLibrary(splitter, text.toString())).isEqualTo(split(rules, text.toString()));
                    text.setLength(0);
                }
            }
        }
    }

    @Test
    void everyRangeEndsAtTheSameCodePointInTheLibrary() throws IOException {
        List<CodePointClasses.Range> ranges = new ArrayList<>(CodePointClasses.letters());
        ranges.addAll(CodePointClasses.numbers());
        ranges.addAll(CodePointClasses.spaces());
        try (HuggingFaceTokenizer splitter = splitter(FALCON)) {
            for (CodePointClasses.Range range : ranges) {
                StringBuilder text = new StringBuilder();
                for (int c : new int[] {range.first() - 1, range.first(), range.last(), range.last() + 1}) {
                    if (Character.getType(c) != Character.SURROGATE) {
                        text.append("x x").appendCodePoint(c).appendCodePoint(c).append("  1");
                    }
                }
                assertThat(splitByLibrary(splitter, text.toString()))
                        .as("%x-%x", range.first(), range.last())
                        .isEqualTo(split(text.toString()))
                        .isEqualTo(splitByPattern(FALCON, text.toString()));
            }
        }
    }

    @Test
    void theFrozenTableIsUnicode13() {
        // JDK 17 is at Unicode 13; the table must not follow a later JDK.
        Assertions.assertEquals(17, Runtime.version().feature());
        int wrong = 0;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            boolean mark = Character.getType(c) == Character.NON_SPACING_MARK
                    || Character.getType(c) == Character.COMBINING_SPACING_MARK
                    || Character.getType(c) == Character.ENCLOSING_MARK;
            boolean number = Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
                    || Character.getType(c) == Character.LETTER_NUMBER
                    || Character.getType(c) == Character.OTHER_NUMBER;
            byte found = CodePointClasses.of(c);
            if ((found == CodePointClasses.LETTER) != (Character.isLetter(c) || mark)
                    || (found == CodePointClasses.NUMBER) != number) {
                wrong++;
            }
        }
        assertThat(wrong).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", " ", "\n", "1", "\\", "\\a", " a", "\u0301", "\uD835\uDD38", "\uD800", "'", "''s", " ."})
    void hostileRunsCostNoMoreThanOtherText(String unit) {
        String text = unit.repeat(4_000_000 / unit.length());
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (PreTokenizer rules : all()) {
                PretokenCounter counter = new PretokenCounter(rules);
                counter.add(text);
                assertThat(counter.size()).isLessThanOrEqualTo(3);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void aTextMayBeCutAtTheEndOfAnyPretoken(PreTokenizer rules) {
        ForAll.forAll(100, gen -> {
            String text = gen.text();
            List<String> whole = split(rules, text);
            int cut = whole.isEmpty() ? 0 : gen.between(0, whole.size() - 1);
            int at = String.join("", whole.subList(0, cut)).length();
            List<String> halves = new ArrayList<>(split(rules, text.substring(0, at)));
            halves.addAll(split(rules, text.substring(at)));
            assertThat(halves).isEqualTo(whole);
        });
    }
}
