package io.peregrine.data.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LanguageAnnotatorTest {
    private final LanguageConfig config = LanguageConfig.FALCON_H1;
    private final LanguageAnnotator annotator = new LanguageAnnotator(config);

    private static Document document(String text) {
        return Document.of("test", "web", "file", "place", Document.UNDETERMINED, text);
    }

    private double value(Annotation annotation, String signal) {
        return annotation.value(
                annotator.signals().stream().map(Signal::name).toList().indexOf(signal));
    }

    private List<String> broken(Annotation annotation) {
        return LanguageAnnotator.rules(config).stream()
                .filter(rule -> rule.side().broken(value(annotation, rule.signal()), rule.limit()))
                .map(Rule::reason)
                .toList();
    }

    @Test
    void aPageInOneOfTheEighteenLanguagesBreaksNoRule() {
        for (String language : config.accepted()) {
            Annotation found = annotator.annotate(document(Sentences.repeat(language, 600)));
            assertThat(found.document().language()).isEqualTo(language);
            assertThat(broken(found)).as(language).isEmpty();
            assertThat(value(found, "language_mixed_share")).as(language).isZero();
        }
    }

    @Test
    void everyRuleHoldsASignalOfTheAnnotator() {
        assertThat(LanguageAnnotator.RULES)
                .extracting(Rule::reason)
                .containsExactly(
                        "language_not_accepted", "language_low_confidence", "language_wrong_script", "language_mixed");
        assertThat(annotator.signals())
                .extracting(Signal::name)
                .containsAll(LanguageAnnotator.RULES.stream().map(Rule::signal).toList());
        assertThat(annotator.annotate(document("x")).size())
                .isEqualTo(annotator.signals().size());
    }

    @Test
    void aLanguageThatIsNotAskedForIsNotAccepted() {
        Annotation greek = annotator.annotate(document("\u0391\u03c5\u03c4\u03cc \u03b5\u03af\u03bd\u03b1\u03b9"));
        assertThat(greek.document().language()).isEqualTo("el");
        assertThat(broken(greek)).containsExactly("language_not_accepted");
        LanguageAnnotator all = new LanguageAnnotator(LanguageConfig.DEFAULTS);
        assertThat(all.annotate(greek.document()).value(0)).isOne();
    }

    @Test
    void aTextWithoutLettersHasNoLanguage() {
        for (LanguageConfig each : List.of(LanguageConfig.DEFAULTS, config)) {
            Annotation none = new LanguageAnnotator(each).annotate(document("1, 2, 3"));
            assertThat(none.document().language()).isEqualTo(Document.UNDETERMINED);
            assertThat(value(none, "language_accepted")).isZero();
            assertThat(value(none, "language_mixed_share")).isNaN();
            assertThat(value(none, "language_own_script_share")).isNaN();
            assertThat(broken(none)).contains("language_not_accepted");
        }
    }

    @Test
    void theMarginIsZeroOnTheLimit() {
        Document page = document(Sentences.ALL.get("fr"));
        double confidence = value(annotator.annotate(page), "language_confidence");
        assertThat(marginWithMinimum(page, confidence)).isZero();
        assertThat(marginWithMinimum(page, Math.nextUp(confidence))).isNegative();
        assertThat(marginWithMinimum(page, Math.nextDown(confidence))).isPositive();
    }

    private double marginWithMinimum(Document page, double minimum) {
        LanguageConfig own =
                new LanguageConfig(List.of(), LanguageConfig.OPENNLP, 1000, 0.5, Map.of("fr", minimum), 0.5, 0, 0.3);
        return value(new LanguageAnnotator(own).annotate(page), "language_confidence_margin");
    }

    @Test
    void halfOfAPageInAnotherLanguageIsMixed() {
        String page = Sentences.repeat("de", 1500) + "\n" + Sentences.repeat("en", 1500);
        Annotation found = annotator.annotate(document(page));
        assertThat(value(found, "language_mixed_share")).isBetween(0.3, 0.7);
        assertThat(broken(found)).contains("language_mixed");
        Annotation unasked = new LanguageAnnotator(
                        new LanguageConfig(config.accepted(), LanguageConfig.OPENNLP, 1000, 0.5, Map.of(), 0.5, 0, 0.3))
                .annotate(document(page));
        assertThat(value(unasked, "language_mixed_share")).isZero();
    }

    @Test
    void mixtureIsFoundInATextOfTwoScripts() {
        String page = Sentences.repeat("ru", 1000) + "\n" + Sentences.repeat("en", 2000);
        assertThat(value(annotator.annotate(document(page)), "language_mixed_share"))
                .isBetween(0.25, 0.5);
    }

    @Test
    void veryLongTextsCostNoMoreThanTheirWindows() {
        String line = "a".repeat(20_000_000);
        assertThat(annotator.annotate(document(line)).document().text()).isSameAs(line);
        String pairs = "\uD83E\uDD85".repeat(5_000_000);
        assertThat(annotator.annotate(document(pairs)).document().language()).isEqualTo(Document.UNDETERMINED);
        assertThat(new MixedLanguages(
                                text -> {
                                    assertThat(text.length()).isLessThanOrEqualTo(MixedLanguages.WINDOW);
                                    return Identification.UNDETERMINED;
                                },
                                6)
                        .share(line, "en"))
                .isZero();
    }

    @Test
    void minimaBelongToTheModelUntilARunSetsItsOwn() {
        assertThat(config.confidenceMin("ur")).isEqualTo(0.8);
        assertThat(config.confidenceMin("el")).isEqualTo(0.5);
        LanguageConfig plugged = new LanguageConfig(List.of(), "lid.bin", 1000, 0.4, Map.of("de", 0.1), 0.5, 6, 0.3);
        assertThat(plugged.confidenceMin("ur")).isEqualTo(0.847);
        assertThat(plugged.confidenceMin("de")).isEqualTo(0.1);
        assertThat(plugged.confidenceMin("el")).isEqualTo(0.4);
    }

    @Test
    void settingsTravelToExecutors() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(config);
        }
    }

    @Test
    void badSettingsAreRefusedByKey() {
        refused(() -> config.withAccepted(List.of("EN")), "accepted", "EN");
        refused(() -> settings(" ", 1000, 0.5, Map.of(), 6, 0.3), "model", "must be opennlp or the path");
        refused(() -> settings("opennlp", 7, 0.5, Map.of(), 6, 0.3), "sample-characters", "must be >= 8");
        refused(() -> settings("opennlp", 8, 1.5, Map.of(), 6, 0.3), "confidence-min", "must be 0 to 1");
        refused(
                () -> settings("opennlp", 8, 0.5, Map.of("de", -1.0), 6, 0.3),
                "confidence-min-by-language.de",
                "0 to 1");
        refused(
                () -> settings("opennlp", 8, 0.5, Map.of("d", 0.0), 6, 0.3),
                "confidence-min-by-language",
                "small letters");
        refused(() -> settings("opennlp", 8, 0.5, Map.of(), 65, 0.3), "mixed-segments", "must be 0 to 64");
        refused(() -> settings("opennlp", 8, 0.5, Map.of(), 6, Double.NaN), "mixed-share-max", "must be 0 to 1");
    }

    private static LanguageConfig settings(
            String model, int sample, double confidenceMin, Map<String, Double> own, int segments, double mixedMax) {
        return new LanguageConfig(List.of(), model, sample, confidenceMin, own, 0.5, segments, mixedMax);
    }

    private static void refused(Runnable settings, String key, String rule) {
        assertThatThrownBy(settings::run)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(rule);
    }

    @Test
    void aModelThatIsNotThereStopsTheAnnotator() {
        LanguageConfig missing = settings("no/such/model.bin", 1000, 0.5, Map.of(), 6, 0.3);
        assertThatThrownBy(() -> new LanguageAnnotator(missing))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("model.bin: fastText model cannot be read");
    }
}
