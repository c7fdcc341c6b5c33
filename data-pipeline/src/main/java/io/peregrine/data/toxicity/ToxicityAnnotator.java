package io.peregrine.data.toxicity;

import io.peregrine.data.Document;
import io.peregrine.data.lists.AhoCorasick;
import io.peregrine.data.lists.ListFile;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.UnicodeText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts the listed words of the document's language.
 *
 * <p>The text and the lists are compared in lower case. A word is met where no word character ({@code \w}: alphanumeric or
 * underscore) is before or behind it; in languages written without spaces, anywhere. Of words that overlap, that counts
 * which ends first, then the longest. All signals are NaN for a language without a list.
 */
public final class ToxicityAnnotator implements Annotator {
    /** As C4: one listed word is too many. A run that means it less strictly raises the limit. */
    public static final List<Rule> RULES =
            List.of(new Rule("toxicity_share", "toxicity", "toxicity_share", Optional.empty(), Optional.of(0.0)));

    private static final List<Signal> SIGNALS = List.of(
            new Signal("toxicity_hits", "words", "occurrences of listed words and phrases that do not overlap"),
            new Signal("toxicity_share", "0..1", "code points of these occurrences, over code points of the text"));

    private final Map<String, Listed> languages = new TreeMap<>();

    public ToxicityAnnotator(ToxicityConfig config) {
        List<String> exempt = config.exempt().stream().map(UnicodeText::lower).toList();
        config.lists().forEach((language, file) -> {
            List<String> words = ListFile.read(Path.of(file), config.listBytesMax()).stream()
                    .map(UnicodeText::lower)
                    .filter(word -> !exempt.contains(word))
                    .distinct()
                    .toList();
            boolean bounded = !config.withoutBoundaries().contains(language);
            languages.put(language, new Listed(new AhoCorasick(words), bounded));
        });
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        Listed listed = languages.get(document.language());
        if (listed == null || document.text().isEmpty()) {
            return new Annotation(document, Double.NaN, Double.NaN);
        }
        String text = UnicodeText.lower(document.text());
        Hits hits = new Hits(text, listed.bounded);
        listed.words.find(text, hits);
        return new Annotation(document, hits.count, (double) hits.codePoints / CodePoints.count(text));
    }

    private record Listed(AhoCorasick words, boolean bounded) {}

    private static final class Hits implements AhoCorasick.Found {
        private final String text;
        private final boolean bounded;
        private int lastEnd;
        private long count;
        private long codePoints;

        Hits(String text, boolean bounded) {
            this.text = text;
            this.bounded = bounded;
        }

        @Override
        public void at(int pattern, int start, int end) {
            boolean alone = !bounded || (!wordBefore(start) && !wordAt(end));
            if (alone && start >= lastEnd) {
                count++;
                codePoints += text.codePointCount(start, end);
                lastEnd = end;
            }
        }

        private boolean wordBefore(int index) {
            return index > 0 && isWord(text.codePointBefore(index));
        }

        private boolean wordAt(int index) {
            return index < text.length() && isWord(text.codePointAt(index));
        }

        private static boolean isWord(int c) {
            return c == '_' || CodePoints.is(c, CodePoints.ALPHANUMERIC);
        }
    }
}
