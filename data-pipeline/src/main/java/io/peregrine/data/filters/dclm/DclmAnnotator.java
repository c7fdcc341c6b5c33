package io.peregrine.data.filters.dclm;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.ngrams.Pieces;
import io.peregrine.data.filters.ngrams.Repetition;
import io.peregrine.data.filters.words.PythonText;
import io.peregrine.data.filters.words.SegmentWords;
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
import java.util.List;

/**
 * Measures what DCLM's RefinedWeb filters ask for, and corrects the text line by line.
 *
 * <p>Three definitions of a word, as in the original: fastText tokens that begin with a letter or number where words are
 * counted, {@code str.split} where lengths, letters and stop words are asked for, UAX 29 segments that begin with a letter
 * or number for n-grams. Lines and paragraphs are stripped and empty ones left out; a duplicate line is every line that
 * occurs twice or more, its first occurrence included.
 *
 * <p>Ratios of a document without any word or line are NaN. The original drops such a document; here its word count does.
 */
public final class DclmAnnotator implements Annotator {
    /** What {@link Profile#definitions()} says. */
    public static final String DEFINITIONS = "dclm";

    private static final int LINE_BREAKS_MAX = 2;
    private static final List<String> SYMBOLS = List.of("#", "...", ". . .", "\u2026");
    private static final List<String> ELLIPSES = List.of("...", ". . .", "\u2026");
    private static final String BULLETS = "\u25cf\u2022*-";

    private static final List<Signal> SIGNALS = signalList();

    private final StopWords stopWords;
    private final WordSplitter fastText = SeparatedWords.fastText();
    private final WordSplitter split = SeparatedWords.pythonSplit();
    private final WordSplitter segments = new SegmentWords();
    private final Spans spans = new Spans();
    private final Pieces pieces = new Pieces();
    private final Repetition repetition = new Repetition();
    private final double[] values = new double[SIGNALS.size()];
    private int size;

    /**
     * @param profile its definitions must be {@value #DEFINITIONS}; its stop words are compared with lower-cased words
     */
    public DclmAnnotator(Profile profile) {
        if (!profile.definitions().equals(DEFINITIONS)) {
            throw new ConfigException("definitions", profile.definitions(), "must be " + DEFINITIONS);
        }
        this.stopWords = StopWords.ignoringCase(profile.stopWords());
    }

    @Override
    public List<Signal> signals() {
        return SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        String text = capped(document.text());
        size = 0;
        int words = words(text);
        add(words);
        addWordShape(text);
        addLines(text);
        addRepetition(text);
        String corrected = LineCorrections.correct(text);
        int left = corrected.equals(text) ? words : words(corrected);
        add(words == 0 ? Double.NaN : (double) (words - left) / words);
        return new Annotation(
                corrected.equals(document.text()) ? document : document.withText(corrected), values.clone());
    }

    private void add(double value) {
        values[size++] = value;
    }

    /** Not more than two line feeds in a row. */
    private static String capped(String text) {
        if (!text.contains("\n\n\n")) {
            return text;
        }
        StringBuilder capped = new StringBuilder(text.length());
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '\n' ? run + 1 : 0;
            if (run <= LINE_BREAKS_MAX) {
                capped.append(text.charAt(i));
            }
        }
        return capped.toString();
    }

    /** fastText tokens that begin with a letter or a number. */
    private int words(String text) {
        fastText.split(text, spans);
        int words = 0;
        for (int i = 0; i < spans.size(); i++) {
            words += beginsAlphanumeric(text, spans.start(i)) ? 1 : 0;
        }
        return words;
    }

    private static boolean beginsAlphanumeric(String text, int start) {
        return CodePoints.is(text.codePointAt(start), CodePoints.ALPHANUMERIC);
    }

    private void addWordShape(String text) {
        split.split(text, spans);
        long characters = 0;
        int withoutLetter = 0;
        int stops = 0;
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.start(i);
            int end = spans.end(i);
            characters += Character.codePointCount(text, start, end);
            withoutLetter += PythonText.any(text, start, end, CodePoints.LETTER) ? 0 : 1;
            stops += stopWords.contains(text, start, end) ? 1 : 0;
        }
        long symbols =
                SYMBOLS.stream().mapToLong(s -> PythonText.count(text, s)).sum();
        double words = spans.size();
        add(characters / words);
        add(symbols / words);
        add(withoutLetter / words);
        add(stops);
    }

    private void addLines(String text) {
        PythonText.stripped(text, "\n", spans);
        int bullets = 0;
        int ellipses = 0;
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.start(i);
            int end = spans.end(i);
            bullets += BULLETS.indexOf(text.charAt(start)) >= 0 ? 1 : 0;
            ellipses += ELLIPSES.stream().anyMatch(e -> PythonText.endsWith(text, start, end, e)) ? 1 : 0;
        }
        double lines = spans.size();
        add(bullets / lines);
        add(ellipses / lines);
        addDuplicates(text);
        PythonText.stripped(text, "\n\n", spans);
        addDuplicates(text);
    }

    private void addDuplicates(String text) {
        pieces.set(text, spans);
        repetition.count(pieces, 1);
        add((double) repetition.repeated() / pieces.size());
        add((double) repetition.repeatedLength() / pieces.length());
    }

    private void addRepetition(String text) {
        segments.split(text, spans);
        pieces.clear();
        for (int i = 0; i < spans.size(); i++) {
            if (beginsAlphanumeric(text, spans.start(i))) {
                pieces.add(text, spans.start(i), spans.end(i));
            }
        }
        double characters = pieces.length();
        for (int n = 2; n <= 4; n++) {
            repetition.count(pieces, n);
            long top = repetition.topCount() > 1 ? repetition.longestTopLength() * repetition.topCount() : 0;
            add(repetition.ngrams() == 0 ? Double.NaN : top / characters);
        }
        for (int n = 5; n <= 10; n++) {
            repetition.count(pieces, n);
            add(repetition.ngrams() == 0 ? Double.NaN : repetition.coveredLength() / characters);
        }
    }

    private static List<Signal> signalList() {
        List<Signal> list = new ArrayList<>();
        list.add(new Signal("dclm_words", "words", "fastText tokens that begin with a letter or number"));
        list.add(new Signal("dclm_mean_word_length", "characters", "mean length of the words between whitespace"));
        list.add(new Signal(
                "dclm_symbols_per_word",
                "per word",
                "number signs and ellipses of three spellings, over str.split words"));
        list.add(new Signal("dclm_non_alpha_word_ratio", "0..1", "str.split words without a letter"));
        list.add(new Signal("dclm_stop_words", "words", "occurrences of stop words, lower-cased"));
        list.add(new Signal("dclm_bullet_line_ratio", "0..1", "lines that begin with a bullet, over non-empty lines"));
        list.add(new Signal(
                "dclm_ellipsis_line_ratio", "0..1", "lines that end with an ellipsis, over non-empty lines"));
        for (String piece : List.of("line", "paragraph")) {
            list.add(new Signal(
                    "dclm_dup_" + piece + "_ratio",
                    "0..1",
                    piece + "s that occur more than once, over all " + piece + "s"));
            list.add(new Signal(
                    "dclm_dup_" + piece + "_char_ratio",
                    "0..1",
                    "characters in " + piece + "s that occur more than once, over the characters of all " + piece
                            + "s"));
        }
        for (int n = 2; n <= 4; n++) {
            list.add(new Signal(
                    "dclm_top_" + n + "gram_char_ratio",
                    "0..1 or more where occurrences overlap",
                    "characters of the most frequent n-gram, the longest among equals, over characters of all words"));
        }
        for (int n = 5; n <= 10; n++) {
            list.add(
                    new Signal(
                            "dclm_dup_" + n + "gram_char_ratio",
                            "0..1",
                            "characters of words in n-grams that occur more than once, each word once, over those of all words"));
        }
        list.add(new Signal("dclm_removed_word_ratio", "0..1", "words that the line-wise corrections removed"));
        return List.copyOf(list);
    }
}
