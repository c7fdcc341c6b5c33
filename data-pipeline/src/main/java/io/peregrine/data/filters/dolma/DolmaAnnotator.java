package io.peregrine.data.filters.dolma;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.ngrams.Pieces;
import io.peregrine.data.filters.ngrams.Repetition;
import io.peregrine.data.filters.words.PythonText;
import io.peregrine.data.filters.words.SeparatedWords;
import io.peregrine.data.filters.words.StopWords;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what Dolma's tagger {@code gopher_v1} measures, under its names.
 *
 * <p>A word is what {@code str.split} gives; a line is what {@code split("\n")} gives, empty ones included, nothing
 * stripped. Where a share is one of characters, the characters are those of the words; so the share of characters in
 * duplicate lines, whose blanks do count, can pass 1. The n-gram signals are NaN where a document has too few words for
 * one n-gram: the tagger writes no value then, and no rule can fire.
 */
public final class DolmaAnnotator implements Annotator {
    /** What {@link Profile#definitions()} says. */
    public static final String DEFINITIONS = "dolma";

    private static final List<Signal> SIGNALS = signalList();

    private final StopWords stopWords;
    private final WordSplitter split = SeparatedWords.pythonSplit();
    private final Spans spans = new Spans();
    private final Pieces words = new Pieces();
    private final Pieces lines = new Pieces();
    private final Repetition repetition = new Repetition();
    private final double[] values = new double[SIGNALS.size()];
    private int size;

    /** @param profile its definitions must be {@value #DEFINITIONS}; its stop words are compared as spelled */
    public DolmaAnnotator(Profile profile) {
        if (!profile.definitions().equals(DEFINITIONS)) {
            throw new ConfigException("definitions", profile.definitions(), "must be " + DEFINITIONS);
        }
        this.stopWords = StopWords.exact(profile.stopWords());
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        size = 0;
        String text = document.text();
        split.split(text, spans);
        words.set(text, spans);
        addWords(text);
        addLines(text);
        addRepetition();
        return new Annotation(document, values.clone());
    }

    private void add(double value) {
        values[size++] = value;
    }

    private void addWords(String text) {
        int symbols = 0;
        int letters = 0;
        int stops = 0;
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.start(i);
            int end = spans.end(i);
            symbols += hasSymbol(text, start, end) ? 1 : 0;
            letters += PythonText.any(text, start, end, CodePoints.LETTER) ? 1 : 0;
            stops += stopWords.contains(text, start, end) ? 1 : 0;
        }
        int atLeastOne = Math.max(words.size(), 1);
        add(words.size());
        add(medianLength());
        add((double) symbols / atLeastOne);
        add((double) letters / atLeastOne);
        add(stops);
    }

    private static boolean hasSymbol(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) == '#' || text.charAt(i) == '\u2026') {
                return true;
            }
        }
        return false;
    }

    /** Median length; the mean of the middle two where the number of words is even; 0 without words. */
    private double medianLength() {
        int count = words.size();
        if (count == 0) {
            return 0;
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = words.length(i);
        }
        Arrays.sort(lengths);
        return (lengths[(count - 1) / 2] + (double) lengths[count / 2]) / 2;
    }

    private void addLines(String text) {
        PythonText.parts(text, '\n', spans);
        lines.set(text, spans);
        int bullets = 0;
        int ellipses = 0;
        for (int i = 0; i < spans.size(); i++) {
            if (spans.length(i) > 0) {
                char first = text.charAt(spans.start(i));
                bullets += first == '*' || first == '-' ? 1 : 0;
                ellipses += text.charAt(spans.end(i) - 1) == '\u2026' ? 1 : 0;
            }
        }
        repetition.count(lines, 1);
        double all = lines.size();
        add(bullets / all);
        add(ellipses / all);
        add(repetition.repeated() / all);
        add((double) repetition.repeatedLength() / Math.max(words.length(), 1));
    }

    private void addRepetition() {
        double characters = Math.max(words.length(), 1);
        for (int n = 2; n <= 10; n++) {
            repetition.count(words, n);
            if (repetition.ngrams() == 0) {
                add(Double.NaN);
            } else if (n <= 4) {
                add(repetition.topCount() * repetition.firstTopLength() / characters);
            } else {
                add((double) repetition.repeatedLength() / repetition.allLength());
            }
        }
    }

    private static List<Signal> signalList() {
        List<Signal> list = new ArrayList<>();
        list.add(new Signal("dolma_word_count", "words", "words between whitespace"));
        list.add(new Signal("dolma_median_word_length", "characters", "median length of a word"));
        list.add(new Signal("dolma_symbol_to_word_ratio", "0..1", "words with a number sign or an ellipsis character"));
        list.add(new Signal("dolma_fraction_of_words_with_alpha_character", "0..1", "words with a letter"));
        list.add(new Signal("dolma_required_word_count", "words", "occurrences of stop words, as spelled"));
        list.add(new Signal(
                "dolma_fraction_of_lines_starting_with_bullet_point", "0..1", "lines that begin with * or -"));
        list.add(new Signal(
                "dolma_fraction_of_lines_ending_with_ellipsis", "0..1", "lines that end with the ellipsis character"));
        list.add(new Signal(
                "dolma_fraction_of_duplicate_lines", "0..1", "lines that occur more than once, over all lines"));
        list.add(new Signal(
                "dolma_fraction_of_characters_in_duplicate_lines",
                "0..1 or more",
                "characters of lines that occur more than once, over characters of all words"));
        for (int n = 2; n <= 4; n++) {
            list.add(new Signal(
                    "dolma_fraction_of_characters_in_most_common_" + n + "grams",
                    "0..1 or more where occurrences overlap",
                    "characters of the most frequent n-gram, the first among equals, over characters of all words"));
        }
        for (int n = 5; n <= 10; n++) {
            list.add(new Signal(
                    "dolma_fraction_of_characters_in_duplicate_" + n + "grams",
                    "0..1",
                    "characters of n-grams that occur more than once, over characters of all n-grams"));
        }
        return List.copyOf(list);
    }
}
