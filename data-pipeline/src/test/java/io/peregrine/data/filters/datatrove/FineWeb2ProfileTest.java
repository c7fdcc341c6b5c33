package io.peregrine.data.filters.datatrove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FineWeb2ProfileTest {
    private static final Profile PROFILE = Profiles.load("fineweb2");

    private final ProfileAnnotator annotator = new ProfileAnnotator(PROFILE, WordSplitters::of, text -> 1);

    private double value(String signal, String language, String text) {
        Annotation found = annotator.annotate(Document.of("test", "web", "file", "place", language, text));
        List<String> names = annotator.signals().stream().map(Signal::name).toList();
        return found.value(names.indexOf(signal));
    }

    private static double limit(String language, String reason) {
        return PROFILE.rules(language).stream()
                .filter(rule -> rule.reason().equals(reason))
                .mapToDouble(Rule::limit)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thereAreEighteenLanguagesAndEveryRuleHasASignal() {
        assertThat(PROFILE.languages().keySet())
                .containsExactly(
                        "ar", "cs", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv",
                        "ur", "zh");
        assertThat(annotator.signals())
                .extracting(Signal::name)
                .containsAll(PROFILE.rules().stream().map(Rule::signal).toList());
        assertThat(annotator.signals()).extracting(Signal::name).doesNotContain("c4_lines");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ar", "cs", "de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "ur", "zh"
            })
    void everyLanguageButEnglishHasFifteenLimitsAndItsStopWords(String language) {
        Map<String, Double> limits = PROFILE.languages().get(language).limits();
        assertThat(limits).hasSize(15);
        assertThat(PROFILE.languages().get(language).stopWords().orElseThrow()).hasSizeBetween(8, 32);
        assertThat(limits.get("duplicated_5_n_grams")).isGreaterThan(limits.get("duplicated_6_n_grams"));
        assertThat(limits.get("top_2_gram")).isGreaterThan(limits.get("top_3_gram"));
    }

    @ParameterizedTest
    @CsvSource({
        "ar, dup_line_frac, .304",
        "cs, line_punct_ratio, .06",
        "de, line_punct_ratio, 0",
        "de, gopher_above_avg_threshold, 15",
        "es, list_ratio, .138",
        "hi, top_4_gram, .161",
        "pt, top_2_gram, .371",
        "ru, gopher_below_alpha_threshold, .713",
        "ur, duplicated_10_n_grams, .081",
        "zh, gopher_below_avg_threshold, 1",
        "zh, char_dup_ratio, .1",
        "zh, short_line_ratio, 999",
        "zh, gopher_short_doc, 50",
        "en, char_dup_ratio, .01",
        "en, short_line_ratio, .67",
        "en, dup_line_frac, .3",
        "xx, list_ratio, .3"
    })
    void limitsAreThePublishedOnes(String language, String reason, double limit) {
        assertThat(limit(language, reason)).isEqualTo(limit);
    }

    @Test
    void stopWordsAreThoseOfTheLanguage() {
        String text = "der die das und the of";
        assertThat(value("gopher_stop_words", "de", text)).isEqualTo(4);
        assertThat(value("gopher_stop_words", "en", text)).isEqualTo(2);
        assertThat(value("gopher_stop_words", "xx", text))
                .as("a language without its own")
                .isEqualTo(2);
        assertThat(value("gopher_stop_words", "zh", "\u6211\u5011\u7684\u4e00\u5e74"))
                .as("a year is one word for jieba")
                .isEqualTo(1);
        assertThat(value("gopher_stop_words", "fr", "L'eau d'ici, l'air d'ailleurs"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "de, spacy-3.8-de",
        "en, spacy-3.8-en",
        "hi, indic-nlp-hi",
        "ja, lucene-9-ipadic",
        "ko, lucene-9-ko-dic",
        "ur, indic-nlp-ur",
        "xx, unicode-words-1",
        "zh, jieba-0.42"
    })
    void everyLanguageHasItsWords(String language, String words) {
        assertThat(PROFILE.words(language)).isEqualTo(words);
    }

    @Test
    void blanksInsideOfAnIndicNumberAreNoPartOfIt() {
        String joined = "\u0915 1, 2, 3 \u0916";
        assertThat(value("gopher_words", "hi", joined)).isEqualTo(3);
        assertThat(value("gopher_mean_word", "hi", joined)).isEqualTo((1 + 5 + 1) / 3.0);
    }

    @Test
    void onlyItsOwnDefinitionsAreAccepted() {
        Profile other = Profiles.load("rpv2");
        assertThatThrownBy(() -> new ProfileAnnotator(other, WordSplitters::of, text -> 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("definitions = redpajama: must be datatrove");
    }
}
