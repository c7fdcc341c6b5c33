package io.peregrine.data.filters.calibrate;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.calibrate.Calibration.Outcome;
import io.peregrine.data.filters.calibrate.Calibration.Row;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profile.LanguageRules;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Side;
import io.peregrine.data.rules.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CalibratorTest {
    private static final CalibrationConfig SMALL = config(LimitMethod.PERCENTILE, 0.05, 1, 1000, List.of());

    private static final Profile PROFILE = new Profile(
            "published",
            "test",
            "python-split",
            List.of("the"),
            List.of(
                    new Rule("too_short", "length", "text_characters", Optional.of(3.0), Optional.empty()),
                    new Rule("too_long", "length", "text_characters", Optional.empty(), Optional.of(50.0)),
                    new Rule("too_many_x", "letters", "text_x", Optional.empty(), Optional.of(0.5))),
            Map.of());

    @TempDir
    Path folder;

    private static CalibrationConfig config(
            LimitMethod method, double share, int documentsMin, int documentsMax, List<String> fixed) {
        return new CalibrationConfig(
                "learned", method, share, "en", fixed, 3, documentsMin, documentsMax, 10_000, true, 0.008, 2, 20);
    }

    /** Length in characters, and share of x among them; NaN without any. */
    private static Annotator lengths(Profile profile) {
        return new Annotator() {
            @Override
            public List<Signal> signals() {
                return List.of(
                        new Signal("text_characters", "characters", "length"),
                        new Signal("text_x", "0..1", "share of x"));
            }

            @Override
            public Annotation annotate(Document document) {
                String text = document.text();
                double x = text.chars().filter(c -> c == 'x').count();
                return new Annotation(document, text.length(), x / text.length());
            }
        };
    }

    private static Calibration finish(Calibrator calibrator) {
        return calibrator.finish(PROFILE, CalibratorTest::lengths, WordSplitters::of);
    }

    private static Row row(Calibration calibration, String language, String reason) {
        return calibration.rows().stream()
                .filter(row -> row.language().equals(language) && row.reason().equals(reason))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRuleDropsAtMostItsShareOfTheReference() {
        Calibrator calibrator = new Calibrator(SMALL);
        for (int length = 1; length <= 100; length++) {
            calibrator.add("de", "y".repeat(length));
        }
        Calibration learned = finish(calibrator);
        assertThat(row(learned, "de", "too_short"))
                .isEqualTo(new Row("de", "too_short", 100, 3, 5, 0.02, 0.04, Outcome.LEARNED));
        assertThat(row(learned, "de", "too_long"))
                .isEqualTo(new Row("de", "too_long", 100, 50, 95, 0.5, 0.05, Outcome.LEARNED));
        assertThat(row(learned, "de", "too_many_x"))
                .isEqualTo(new Row("de", "too_many_x", 100, 0.5, 0, 0, 0, Outcome.LEARNED));
        Row any = row(learned, "de", Calibration.ANY);
        assertThat(any.publishedDrops()).isEqualTo(0.52);
        assertThat(any.learnedDrops()).isEqualTo(0.09);
        assertThat(learned.profile().languages().get("de").limits())
                .isEqualTo(Map.of("too_short", 5.0, "too_long", 95.0, "too_many_x", 0.0));
    }

    @Test
    void whateverTheValuesNoPercentileDropsMoreThanItsShare() {
        forAll(300, gen -> {
            double[] values = new double[1 + gen.between(0, 5 * gen.size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = gen.between(-3, 3 + gen.size());
            }
            double share = gen.between(0, 99) / 100.0;
            for (Side side : Side.values()) {
                double limit = LimitMethod.PERCENTILE.limit(side, share, Double.NaN, new double[0], values);
                long dropped = java.util.Arrays.stream(values)
                        .filter(value -> side.broken(value, limit))
                        .count();
                assertThat((double) dropped / values.length).isLessThanOrEqualTo(share);
            }
        });
    }

    @Test
    void otherMethodsCarryThePivotsLimitOver() {
        // Mean 1, deviation 1: 3 is two deviations away; mean 12, deviation 2.
        assertThat(LimitMethod.MEAN_STD.limit(Side.ABOVE, 0, 3, new double[] {0, 2}, new double[] {10, 14}))
                .isEqualTo(16);
        assertThat(LimitMethod.MEAN_STD.limit(Side.BELOW, 0, 0, new double[] {0, 2}, new double[] {10, 14}))
                .isEqualTo(10);
        assertThat(LimitMethod.MEAN_STD.limit(Side.ABOVE, 0, 3, new double[] {1, 1}, new double[] {10, 14}))
                .isNaN();
        // 3 is one and a half times the median of 2; the median is 6.
        assertThat(LimitMethod.MEDIAN_RATIO.limit(Side.ABOVE, 0, 3, new double[] {1, 4, 2}, new double[] {8, 4, 6}))
                .isEqualTo(9);
        assertThat(LimitMethod.MEDIAN_RATIO.limit(Side.ABOVE, 0, 3, new double[] {0, 0, 2}, new double[] {8}))
                .isNaN();
    }

    @ParameterizedTest
    @EnumSource(names = {"MEAN_STD", "MEDIAN_RATIO"})
    void aLimitThatCannotBeToldStaysAndSaysSo(LimitMethod method) {
        Calibrator calibrator = new Calibrator(config(method, 0, 1, 10, List.of()));
        for (String text : List.of("ab", "abcd", "abcdef")) {
            calibrator.add("en", text);
            calibrator.add("fr", text + text);
        }
        calibrator.add("fr", "");
        Calibration learned = finish(calibrator);
        Row undefined = row(learned, "fr", "too_many_x");
        assertThat(undefined.outcome()).isEqualTo(Outcome.UNDEFINED);
        assertThat(undefined.learned()).isEqualTo(undefined.published()).isEqualTo(0.5);
        assertThat(undefined.documents()).as("an empty text has no share").isEqualTo(3);
        assertThat(learned.profile().languages().get("fr").limits()).containsOnlyKeys("too_short", "too_long");
        assertThat(row(learned, "en", "too_long").learned())
                .as("the pivot's own")
                .isEqualTo(50);
    }

    @Test
    void fixedLimitsStayAndTheirDropsAreStillShown() {
        Calibrator calibrator =
                new Calibrator(config(LimitMethod.PERCENTILE, 0.5, 1, 10, List.of("too_short", "too_many_x")));
        List.of("a", "ab", "abc", "abcd").forEach(text -> calibrator.add("de", text));
        Calibration learned = finish(calibrator);
        assertThat(row(learned, "de", "too_short"))
                .isEqualTo(new Row("de", "too_short", 4, 3, 3, 0.5, 0.5, Outcome.FIXED));
        assertThat(learned.profile().languages().get("de").limits()).isEqualTo(Map.of("too_long", 2.0));
    }

    @Test
    void limitsAreRoundedSoThatNoMoreIsDropped() {
        CalibrationConfig none = config(LimitMethod.PERCENTILE, 0, 1, 10, List.of());
        Calibrator calibrator = new Calibrator(none);
        calibrator.add("de", "xyy");
        assertThat(row(finish(calibrator), "de", "too_many_x").learned()).isEqualTo(0.334);
    }

    @Test
    void theResultDependsOnTheSetOfDocumentsAlone() {
        forAll(60, gen -> {
            CalibrationConfig few = config(LimitMethod.PERCENTILE, 0.1, 1, 1 + gen.between(0, gen.size()), List.of());
            List<String> texts = new ArrayList<>();
            for (int i = 0; i <= gen.size(); i++) {
                texts.add(gen.text());
            }
            Calibrator whole = new Calibrator(few);
            texts.forEach(text -> whole.add("de", text));
            Calibrator first = new Calibrator(few);
            Calibrator second = new Calibrator(few);
            for (int i = texts.size() - 1; i >= 0; i--) {
                (gen.between(0, 1) == 0 ? first : second).add("de", texts.get(i));
            }
            Calibration merged = finish(copy(first.merge(second)));
            assertThat(merged.yaml()).isEqualTo(finish(whole).yaml());
            assertThat(merged.markdown()).isEqualTo(finish(whole).markdown());
        });
    }

    private static Calibrator copy(Calibrator calibrator) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(calibrator);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Calibrator) in.readObject();
        }
    }

    @Test
    void stopWordsAreTheMostFrequentLowerCaseWords() {
        CalibrationConfig config = config(LimitMethod.PERCENTILE, 0.05, 1, 10, List.of());
        // 1000 words: 8 of the first are enough, 7 of the second are not; marks are no words, names none of these.
        String text = "on ".repeat(8)
                + "at ".repeat(7)
                + "Rome ".repeat(50)
                + "42 ".repeat(35)
                + "... ".repeat(300)
                + "\u00e9t ".repeat(8)
                + "w1 w2 w3 w4 ".repeat(223);
        assertThat(FrequentWords.learn(List.of(text), WordSplitters.of("python-split"), config))
                .containsExactly("w1", "w2", "w3", "w4", "on", "\u00e9t");
        assertThat(FrequentWords.learn(List.of("one two three"), WordSplitters.of("python-split"), config))
                .containsExactly("one", "three", "two");
        CalibrationConfig rare = new CalibrationConfig(
                "learned", LimitMethod.PERCENTILE, 0.05, "en", List.of(), 3, 1, 10, 10_000, true, 0.5, 2, 2);
        assertThat(FrequentWords.learn(List.of("one two two three"), WordSplitters.of("python-split"), rare))
                .containsExactly("two", "one");
    }

    @Test
    void aLanguageWithTooLittleReferenceKeepsWhatItHas() {
        LanguageRules given = new LanguageRules(Optional.of("uax29"), Optional.empty(), Map.of("too_long", 7.0));
        Profile base = new Profile(
                "published", "test", "python-split", List.of(), PROFILE.rules(), Map.of("fr", given, "it", given));
        Calibrator calibrator = new Calibrator(config(LimitMethod.PERCENTILE, 0.05, 2, 10, List.of()));
        calibrator.add("fr", "une");
        calibrator.add("de", "eins");
        calibrator.add("de", "eins");
        calibrator.add("de", "y".repeat(10_001));
        calibrator.add("it", "uno");
        calibrator.add("it", "due");
        Calibration learned = calibrator.finish(base, CalibratorTest::lengths, WordSplitters::of);
        assertThat(learned.tooFew()).isEqualTo(Map.of("de", 1, "fr", 1));
        assertThat(learned.profile().languages().get("fr")).isEqualTo(given);
        assertThat(learned.profile().languages()).doesNotContainKey("de");
        assertThat(learned.profile().languages().get("it").words()).contains("uax29");
        assertThat(learned.profile().languages().get("it").stopWords()).contains(List.of("due", "uno"));
        assertThat(learned.yaml())
                .startsWith("# Learned from reference text; do not edit, calibrate again.\n"
                        + "# it: 2 documents, 2 measured, 0 too long\n"
                        + "# de: not learned, the reference has only 1 documents\n");
    }

    @Test
    void theProfileIsLoadedByItsPathAsItWas() throws IOException {
        Calibrator calibrator = new Calibrator(SMALL);
        for (int i = 0; i < 50; i++) {
            calibrator.add("ru", "\u0438 \u0432 x".repeat(i));
            calibrator.add("zh", "\u7684\u4e00x \"" + i);
        }
        Calibration learned = finish(calibrator);
        Path file = Files.writeString(folder.resolve("learned.yaml"), learned.yaml());
        assertThat(Profiles.load(file.toString())).isEqualTo(learned.profile());
        assertThat(learned.markdown().lines()).hasSize(2 + 2 * (PROFILE.rules().size() + 1));
        assertThat(learned.markdown()).contains("| ru | too_long | 50 | 50 | 235 | 78.00 % | 4.00 % | learned |\n");
    }

    @Test
    void settingsThatNameNothingAreRefused() {
        Calibrator unknown = new Calibrator(config(LimitMethod.PERCENTILE, 0, 1, 1, List.of("typo")));
        assertThatThrownBy(() -> finish(unknown))
                .isInstanceOf(ConfigException.class)
                .hasMessage("fixed = typo: must be one of the profile's reasons, [too_short, too_long, too_many_x]");
        Calibrator noPivot = new Calibrator(config(LimitMethod.MEAN_STD, 0, 1, 1, List.of()));
        noPivot.add("de", "eins");
        assertThatThrownBy(() -> finish(noPivot))
                .isInstanceOf(ConfigException.class)
                .hasMessage("pivot = en: must be a language of which the reference has enough documents");
        assertThatThrownBy(() -> new Calibrator(SMALL).merge(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("calibrators of different settings cannot be merged");
        assertThatThrownBy(() -> config(LimitMethod.PERCENTILE, 1, 1, 1, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("drop-share-max = 1.0: must be in [0, 1)");
        assertThatThrownBy(() -> config(LimitMethod.PERCENTILE, 0, 2, 1, List.of()))
                .hasMessage("documents-max = 1: must be >= documents-min");
    }
}
