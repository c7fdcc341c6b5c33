package io.peregrine.data.filters.calibrate;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The most frequent words of some texts. Exact; its memory is bounded by the texts, which are a sample. */
final class FrequentWords {
    private static final Comparator<Map.Entry<String, Integer>> MOST_FREQUENT_FIRST =
            Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey());

    private FrequentWords() {}

    /**
     * Learns stop words: the most frequent words that have a letter and no upper-case one, most frequent first.
     *
     * <p>Their share is one of all words that have a letter or a number. Words in upper case are left out because some
     * profiles compare as spelled and others in lower case; what is lower-case means the same to both.
     */
    static List<String> learn(Collection<String> texts, WordSplitter splitter, CalibrationConfig config) {
        Map<String, Integer> counts = new HashMap<>();
        long words = 0;
        Spans spans = new Spans();
        for (String text : texts) {
            splitter.split(text, spans);
            for (int i = 0; i < spans.size(); i++) {
                String word = text.substring(spans.start(i), spans.end(i));
                words += word.codePoints().anyMatch(c -> CodePoints.is(c, CodePoints.ALPHANUMERIC)) ? 1 : 0;
                if (canBeStopWord(word)) {
                    counts.merge(word, 1, Integer::sum);
                }
            }
        }
        List<Map.Entry<String, Integer>> ranked = counts.entrySet().stream()
                .sorted(MOST_FREQUENT_FIRST)
                .limit(config.stopWordsMax())
                .toList();
        double enough = config.stopWordShareMin() * words;
        long frequent = ranked.stream().filter(e -> e.getValue() >= enough).count();
        return ranked.stream()
                .limit(Math.max(frequent, config.stopWordsMin()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean canBeStopWord(String word) {
        return word.codePoints().anyMatch(c -> CodePoints.is(c, CodePoints.LETTER))
                && word.codePoints().noneMatch(Character::isUpperCase);
    }
}
