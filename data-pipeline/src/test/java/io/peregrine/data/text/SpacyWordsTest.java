package io.peregrine.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected words were computed by {@code golden-gen/spacy_words.py}, Python's regular expressions with the rules of spaCy's
 * language data, on texts written for this test.
 */
class SpacyWordsTest {
    private final Spans spans = new Spans();

    private static SpacyWords words(String language) {
        return SpacyWords.named("spacy-3.8-" + language).orElseThrow();
    }

    private List<String> split(SpacyWords words, String text) {
        words.split(text, spans);
        return spans.words(text);
    }

    private static List<String> lines(String file) {
        try (InputStream in = SpacyWordsTest.class.getResourceAsStream("/golden/spacy-words/" + file)) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar", "cs", "de", "es", "fr", "it", "nl", "pl", "pt", "ro", "ru", "sv"})
    void wordsAreThoseOfTheTwin(String language) {
        SpacyWords words = words(language);
        List<String> texts = lines(language + ".txt");
        List<String> expected = lines(language + ".words");
        assertThat(texts).hasSizeGreaterThan(5).hasSameSizeAs(expected);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(split(words, texts.get(i)))
                    .containsExactly(expected.get(i).split("\t"));
        }
    }

    @Test
    void everyLanguageHasItsNameAndNoOtherIsKnown() {
        assertThat(SpacyLanguages.names())
                .hasSize(13)
                .allSatisfy(
                        name -> assertThat(SpacyWords.named(name).orElseThrow().profile())
                                .isEqualTo(name));
        assertThat(SpacyWords.named("spacy-3.8-xx")).isEmpty();
        assertThat(SpacyWords.named("spacy-3.8-")).isEmpty();
        assertThat(SpacyWords.named("de")).isEmpty();
    }

    static Stream<String> names() {
        return SpacyLanguages.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aWordOfPlainLettersIsOneTokenUnlessItIsACase(String name) {
        SpacyWords words = SpacyWords.named(name).orElseThrow();
        SpacyLanguage language = SpacyLanguages.named(name).orElseThrow();
        int[] plain = java.util.stream.IntStream.rangeClosed(0, Character.MAX_VALUE)
                .filter(c -> SpacyCharacters.is(c, SpacyCharacters.PLAIN))
                .toArray();
        ForAll.forAll(300, gen -> {
            StringBuilder word = new StringBuilder();
            for (int i = gen.between(1, 8); i > 0; i--) {
                word.appendCodePoint(plain[gen.between(0, plain.length - 1)]);
            }
            assertThat(language.punctuation().cuts(word.toString().toCharArray()))
                    .as(word.toString())
                    .isFalse();
        });
        assertThat(split(words, "\u00e9\u00e9\u0436\u0627")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("names")
    void wordsAreInOrderAndLeaveOutNothingButWhitespace(String name) {
        SpacyWords words = SpacyWords.named(name).orElseThrow();
        ForAll.forAll(100, gen -> {
            String text = gen.text() + "l'a-t-il d'1\u00b0C. a-b--c 5km, \u2026\u2026";
            words.split(text, spans);
            StringBuilder visible = new StringBuilder();
            text.codePoints().filter(c -> !CodePoints.is(c, CodePoints.SPACE)).forEach(visible::appendCodePoint);
            StringBuilder joined = new StringBuilder();
            int end = 0;
            for (int i = 0; i < spans.size(); i++) {
                assertThat(spans.start(i)).isGreaterThanOrEqualTo(end);
                assertThat(spans.length(i)).isPositive();
                end = spans.end(i);
                String word = text.substring(spans.start(i), end);
                word.codePoints()
                        .filter(c -> !CodePoints.is(c, CodePoints.SPACE))
                        .forEach(joined::appendCodePoint);
            }
            assertThat(joined).hasToString(visible.toString());
        });
    }

    /** Ten megabytes of UTF-8 in all without a space, of what the rules look for; nothing may be read again and again. */
    @ParameterizedTest
    @MethodSource("names")
    void timeIsLinearWhateverIsRepeated(String name) {
        SpacyWords words = SpacyWords.named(name).orElseThrow();
        int half = 400_000;
        for (String bait : List.of(
                "1".repeat(half) + ")".repeat(half),
                "anti-" + "a".repeat(half) + "'".repeat(half),
                "a-la-".repeat(half / 2),
                "a'".repeat(half),
                "a_1".repeat(half) + "$",
                "(\u2026".repeat(half),
                "-l".repeat(half),
                "\u0438.".repeat(half))) {
            words.split(bait, spans);
            assertThat(spans.end(spans.size() - 1)).isEqualTo(bait.length());
        }
    }
}
