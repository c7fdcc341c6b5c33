package io.peregrine.data.toxicity;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToxicityAnnotatorTest {
    @TempDir
    Path folder;

    private ToxicityAnnotator annotator;

    @BeforeEach
    void lists() throws IOException {
        Map<String, String> lists = Map.of(
                "en", list("en", "blockhead\nsilly goose\nsm\n\u00c9t\u00e9\ngoose\n"),
                "zh", list("zh", "\u7b28\u86cb\n"));
        annotator = new ToxicityAnnotator(new ToxicityConfig(lists, List.of("SM"), List.of("zh"), 1000));
    }

    private String list(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private Annotation measure(String language, String text) {
        return annotator.annotate(Document.of("s", "web", "o", "l", language, text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            You BLOCKHEAD!                 | 1
            blockhead                      | 1
            blockheads blockhead_ 1blockhead | 0
            blockhead blockhead            | 2
            (silly goose)                  | 1
            silly  goose                   | 1
            sillygoose                     | 0
            SM sm                          | 0
            en \u00c9T\u00c9.              | 1
            clean words                    | 0
            """)
    void wordsCountWhereTheyStandAlone(String text, double hits) {
        assertThat(measure("en", text).value(0)).isEqualTo(hits);
    }

    @Test
    void theShareIsOneOfCodePoints() {
        assertThat(measure("en", "blockhead \ud83d\ude00").value(1)).isEqualTo(9 / 11.0);
        assertThat(measure("en", "a clean text").value(1)).isZero();
    }

    @Test
    void wordsOfLanguagesWithoutSpacesAreFoundInsideOthers() {
        assertThat(measure("zh", "\u4f60\u7b28\u86cb\u554a").value(0)).isEqualTo(1);
    }

    @Test
    void aLanguageWithoutAListIsNotMeasured() {
        assertThat(measure("de", "blockhead").value(0)).isNaN();
        assertThat(measure("en", "").value(1)).isNaN();
        annotator = new ToxicityAnnotator(ToxicityConfig.DEFAULTS);
        assertThat(measure("en", "blockhead").value(0)).isNaN();
    }

    @Test
    void tenMegabytesOfHitsAreCounted() {
        assertThat(measure("en", "goose ".repeat(2_000_000)).value(0)).isEqualTo(2_000_000);
    }
}
