package io.peregrine.rewrite.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.testing.ForAll;
import io.peregrine.rewrite.accept.Fences;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmenterTest {
    private static final ToIntFunction<String> CHARACTERS = String::length;
    private static final ToIntFunction<String> BYTES = text -> text.getBytes(StandardCharsets.UTF_8).length;
    private static final ToIntFunction<String> QUARTERS = text -> (text.length() + 3) / 4;

    private static final List<String> PARTS = List.of(
            "word ",
            "A sentence. ",
            "\n",
            "\n\n",
            "\r\n\r\n",
            "```\ncode\n\nmore\n```\n",
            "$$\na\n\nb\n$$\n",
            "\\[ x \\]\n",
            "\\begin{align*}\nx\n\ny\n\\end{align*}\n",
            "```\n",
            "$$\n",
            "\\begin{matrix}\n",
            "\\end{",
            "~~~ java\n",
            "\ud83d\ude00",
            "\u4e00\u4e8c\u3002",
            "\ud83d",
            "   ",
            "- item\n");

    static List<Arguments> cuts() {
        return List.of(
                Arguments.of("one\n\ntwo\n\nthree", 10, List.of("one\n\ntwo\n\n", "three")),
                Arguments.of("one\n\ntwo\n\nthree", 15, List.of("one\n\ntwo\n\nthree")),
                Arguments.of("one\n\ntwo\n\nthree", 5, List.of("one\n\n", "two\n\n", "three")),
                Arguments.of("a\n\n```\nb\n\nc\n```\n\nd", 14, List.of("a\n\n", "```\nb\n\nc\n```\n\n", "d")),
                Arguments.of("long text\n```\nb\n\nc\n```\nd", 13, List.of("long text\n", "```\nb\n\nc\n```\n", "d")),
                Arguments.of("a\n\n$$\nb\n\nc\n$$\n\nd", 12, List.of("a\n\n", "$$\nb\n\nc\n$$\n\n", "d")),
                Arguments.of(
                        "a\n\n\\begin{align}\nb\n\nc\n\\end{align}\nd",
                        34,
                        List.of("a\n\n", "\\begin{align}\nb\n\nc\n\\end{align}\nd")),
                Arguments.of("One two. Three four.", 12, List.of("One two. ", "Three four.")),
                Arguments.of("aaaaaaaa", 4, List.of("aaaa", "aaaa")),
                Arguments.of("\ud83d\ude00\ud83d\ude00", 1, List.of("\ud83d\ude00", "\ud83d\ude00")),
                Arguments.of("", 4, List.of()));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void cutsWhereItShould(String text, int max, List<String> segments) {
        assertThat(new Segmenter(CHARACTERS, max).segments(text)).isEqualTo(segments);
    }

    @Test
    void segmentsAreTheTextAndNotTooLong() {
        ForAll.forAll(300, gen -> {
            StringBuilder builder = new StringBuilder();
            int parts = gen.between(0, gen.size());
            for (int i = 0; i < parts; i++) {
                builder.append(gen.between(0, 9) == 0 ? gen.text() : PARTS.get(gen.between(0, PARTS.size() - 1)));
            }
            String text = builder.toString();
            for (ToIntFunction<String> tokens : List.of(CHARACTERS, BYTES, QUARTERS)) {
                int max = gen.between(1, 60);
                List<String> segments = new Segmenter(tokens, max).segments(text);
                assertThat(String.join("", segments)).isEqualTo(text);
                for (String segment : segments) {
                    boolean fits = tokens.applyAsInt(segment) <= max;
                    assertThat(fits || segment.codePointCount(0, segment.length()) == 1)
                            .isTrue();
                    assertThat(segment).isNotEmpty();
                    int first = segment.codePointAt(0);
                    boolean half = Character.isLowSurrogate((char) first) && first < 0x10000;
                    assertThat(half && text.indexOf("\ud83d" + (char) first) >= 0)
                            .isFalse();
                }
            }
        });
    }

    @Test
    void blocksThatFitAreNotCut() {
        ForAll.forAll(200, gen -> {
            StringBuilder text = new StringBuilder();
            int blocks = gen.between(1, 20);
            for (int i = 0; i < blocks; i++) {
                text.append("words of prose ".repeat(gen.between(0, 12)))
                        .append(gen.between(0, 1) == 0 ? "\n" : "\n\n")
                        .append("```\n")
                        .append("code\n\n".repeat(gen.between(0, 6)))
                        .append("```\n")
                        .append(gen.between(0, 1) == 0 ? "" : "\n");
            }
            for (String segment : new Segmenter(CHARACTERS, 60).segments(text.toString())) {
                assertThat(Fences.of(segment)).allMatch(Fences.Fence::closed);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a ",
                "\n",
                "\n\n",
                "```\n",
                "$$\n",
                "$$",
                "\\[\n",
                "\\[",
                "\\begin{align}\n",
                "\\begin{",
                "\ud83d\ude00",
                "a. ",
                "\u3002",
                "~",
                "a\n"
            })
    void hostileTextCostsBoundedTime(String unit) {
        String text = unit.repeat(1_000_000 / unit.length());
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int max : List.of(1, 500)) {
                List<String> segments = new Segmenter(CHARACTERS, max).segments(text);
                assertThat(String.join("", segments)).isEqualTo(text);
            }
        });
    }

    @Test
    void answersAreJoinedAsTheSegmentsWere() {
        assertThat(Segmenter.join(List.of("a\n\n\n", "b ", "c"), List.of("A\n", " B", "C\n")))
                .isEqualTo("A\n\n\nB C");
        assertThatThrownBy(() -> Segmenter.join(List.of("a"), List.of()))
                .hasMessage("0 answers for 1 segments: must be as many");
        assertThatThrownBy(() -> new Segmenter(CHARACTERS, 0)).hasMessage("segments of 0 tokens: must be > 0");
    }
}
