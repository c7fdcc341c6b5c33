package io.peregrine.data.filters.datatrove;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.text.SentenceCounter;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Words that are known from the page are those that would be found in the lines and in the text that C4 leaves. */
class KnownWordsTest {
    private static final List<String> PIECES = List.of(
            "plain words here",
            "don't",
            "I'm",
            "8a.m.",
            "U.S.",
            "cannot",
            "can't've",
            "'Cause",
            "co-op",
            "5km",
            "1-2",
            "...",
            "!",
            "?",
            "end.",
            "\u2026",
            "''",
            ":)",
            "#",
            "[12]",
            "[edit]",
            "a[citation needed]b",
            "javascript",
            "{",
            "cookie policy",
            "\ud835\udc1a",
            " ",
            "  ",
            "\t",
            "\u00a0",
            "\n",
            "\r\n",
            "\u0085",
            "\u2028",
            "\n\n");

    private final DatatroveAnnotator known = annotator(new SpacySentences(SpacyWords.english()));
    private final DatatroveAnnotator foundAgain = annotator(new SpacySentences(SpacyWords.english())::count);

    private static DatatroveAnnotator annotator(SentenceCounter sentences) {
        return new DatatroveAnnotator(SpacyWords.english(), sentences, List.of("the"), EnumSet.allOf(Family.class));
    }

    @Test
    void valuesAndTextsAreEqualWhetherWordsAreKnownOrFoundAgain() {
        forAll(1_000, gen -> {
            StringBuilder text = new StringBuilder();
            for (int left = gen.between(0, 60); left > 0; left--) {
                text.append(PIECES.get(gen.between(0, PIECES.size() - 1))).append(gen.between(0, 2) == 0 ? "" : " ");
            }
            Document document = Document.of("s", "web", "o", "l", "en", text.toString());
            Annotation expected = foundAgain.annotate(document);
            Annotation actual = known.annotate(document);
            assertThat(actual.document()).isEqualTo(expected.document());
            assertThat(values(actual)).isEqualTo(values(expected));
        });
    }

    private static List<Double> values(Annotation annotation) {
        return IntStream.range(0, annotation.size()).mapToObj(annotation::value).toList();
    }
}
