package io.peregrine.data.filters.redpajama;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.filters.ngrams.Pieces;
import io.peregrine.data.filters.ngrams.Repetition;
import io.peregrine.data.filters.words.PunctWords;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures RedPajama-V2's signals of natural language, content and repetition.
 *
 * <p>Raw words are NLTK's WordPunct tokens of the text, normalised words those between blanks of {@link NormalText}. Every
 * ratio is rounded to eight decimals, half to even, as published, so that a limit meets the published number; shares of
 * lines, which the card computes from unrounded line values, are not. A line ends with its line feed; what follows the
 * last line feed is a line unless it is empty. Ratios over no words are NaN, n-gram shares of short documents 0.
 */
public final class RedPajamaAnnotator implements Annotator {
    /** What {@link Profile#definitions()} says. */
    public static final String DEFINITIONS = "redpajama";

    private static final int DECIMALS = 8;
    private static final String LOREM_IPSUM = "lorem ipsum";
    private static final String BULLETS = "\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u2013";
    private static final String SENTENCE_ENDS = ".!?";
    private static final String LINE_ENDS = ".!?\u201d";

    private static final List<Signal> SIGNALS = signalList();

    private final StopWords stopWords;
    private final WordSplitter punct = new PunctWords();
    private final WordSplitter split = SeparatedWords.pythonSplit();
    private final Spans spans = new Spans();
    private final Pieces words = new Pieces();
    private final Repetition repetition = new Repetition();
    private final double[] values = new double[SIGNALS.size()];
    private int size;

    /**
     * @param profile its definitions must be {@value #DEFINITIONS}; without stop words their share is NaN
     */
    public RedPajamaAnnotator(Profile profile) {
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
        String normal = NormalText.of(text);
        split.split(normal, spans);
        words.set(normal, spans);
        addNormalWords();
        addRawWords(text);
        addLines(text);
        addContent(text, normal);
        addRepetition();
        return new Annotation(document, values.clone());
    }

    private void add(double value) {
        values[size++] = value;
    }

    private void addRounded(double value) {
        add(
                Double.isFinite(value)
                        ? new BigDecimal(value)
                                .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                                .doubleValue()
                        : Double.NaN);
    }

    private void addNormalWords() {
        double count = words.size();
        repetition.count(words, 1);
        double entropy = 0;
        for (int times : repetition.countsByFirstSight()) {
            entropy += -times / count * Math.log(times / count);
        }
        add(count);
        addRounded(words.length() / count);
        addRounded(repetition.distinct() / count);
        addRounded(count == 0 ? Double.NaN : entropy);
    }

    private void addRawWords(String text) {
        punct.split(text, spans);
        int letters = 0;
        int capitals = 0;
        int stops = 0;
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.start(i);
            int end = spans.end(i);
            letters += hasAsciiLetter(text, start, end) ? 1 : 0;
            capitals += isUpper(text, start, end) ? 1 : 0;
            stops += stopWords.contains(text, start, end) ? 1 : 0;
        }
        int symbols = PythonText.count(text, "#") + PythonText.count(text, "...") + PythonText.count(text, "\u2026");
        double count = spans.size();
        addRounded(symbols / count);
        addRounded(1 - letters / count);
        addRounded(capitals / count);
        addRounded(stopWords.isEmpty() ? Double.NaN : words.size() == 0 ? 0 : stops / count);
    }

    private static boolean hasAsciiLetter(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char lower = (char) (text.charAt(i) | 0x20);
            if (lower >= 'a' && lower <= 'z') {
                return true;
            }
        }
        return false;
    }

    /** Python's {@code isupper}: something upper-case in it, and nothing lower-case or title-case. */
    private static boolean isUpper(String text, int start, int end) {
        boolean upper = false;
        int i = start;
        while (i < end) {
            int c = text.codePointAt(i);
            if (UCharacter.isULowercase(c) || UCharacter.getType(c) == UCharacterCategory.TITLECASE_LETTER) {
                return false;
            }
            upper |= UCharacter.isUUppercase(c);
            i += Character.charCount(c);
        }
        return upper;
    }

    private void addLines(String text) {
        int count = 0;
        int bullets = 0;
        int ellipses = 0;
        int punctuated = 0;
        int from = 0;
        while (from < text.length()) {
            int feed = text.indexOf('\n', from);
            int to = feed < 0 ? text.length() : feed;
            int start = PythonText.skipSpace(text, from, to);
            int end = PythonText.trimSpace(text, start, to);
            count++;
            if (start < end) {
                bullets += BULLETS.indexOf(text.charAt(start)) >= 0 ? 1 : 0;
                char last = text.charAt(end - 1);
                punctuated += LINE_ENDS.indexOf(last) >= 0 ? 1 : 0;
                ellipses += last == '\u2026' || PythonText.endsWith(text, start, end, "...") ? 1 : 0;
            }
            from = to + 1;
        }
        double lines = count;
        addRounded(ellipses / lines);
        add(bullets / lines);
        add(punctuated / lines);
    }

    private void addContent(String text, String normal) {
        add(sentences(text));
        int curly = PythonText.count(text, "{") + PythonText.count(text, "}");
        addRounded(text.isEmpty() ? 0 : (double) curly / CodePoints.count(text));
        int ipsum = PythonText.count(normal, LOREM_IPSUM);
        addRounded(ipsum == 0 ? 0 : (double) ipsum / CodePoints.count(normal));
    }

    /** Matches of {@code \b[^.!?]+[.!?]*}. */
    private static int sentences(String text) {
        int found = 0;
        int at = 0;
        boolean wordBefore = false;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean word = PunctWords.isWord(c);
            if (word == wordBefore || isEnd(c)) {
                wordBefore = word;
                at += Character.charCount(c);
            } else {
                found++;
                at = sentenceEnd(text, at);
                wordBefore = at > 0 && PunctWords.isWord(text.codePointBefore(at));
            }
        }
        return found;
    }

    private static int sentenceEnd(String text, int from) {
        int at = from;
        while (at < text.length() && !isEnd(text.charAt(at))) {
            at++;
        }
        while (at < text.length() && isEnd(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isEnd(int c) {
        return SENTENCE_ENDS.indexOf(c) >= 0;
    }

    private void addRepetition() {
        double characters = words.length();
        for (int n = 2; n <= 10; n++) {
            repetition.count(words, n);
            if (n <= 4) {
                long top = repetition.topCount() > 1 ? repetition.firstTopLength() * repetition.topCount() : 0;
                addRounded(top == 0 ? 0 : top / characters);
            } else {
                long covered = repetition.coveredLength();
                addRounded(covered == 0 ? 0 : covered / characters);
            }
        }
    }

    private static List<Signal> signalList() {
        List<Signal> list = new ArrayList<>();
        list.add(new Signal("rps_doc_word_count", "words", "normalised words"));
        list.add(new Signal("rps_doc_mean_word_length", "characters", "mean length of a normalised word"));
        list.add(new Signal("rps_doc_frac_unique_words", "0..1", "different normalised words, over all of them"));
        list.add(new Signal("rps_doc_unigram_entropy", "nats", "entropy of the normalised words"));
        list.add(new Signal("rps_doc_symbol_to_word_ratio", "per word", "number signs and ellipses, over raw words"));
        list.add(new Signal("rps_doc_frac_no_alph_words", "0..1", "raw words without an ASCII letter"));
        list.add(new Signal("rps_doc_frac_all_caps_words", "0..1", "raw words in upper case"));
        list.add(new Signal("rps_doc_stop_word_fraction", "0..1", "raw words that are stop words, as spelled"));
        list.add(new Signal("rps_doc_frac_lines_end_with_ellipsis", "0..1", "lines that end with an ellipsis"));
        list.add(new Signal("rps_lines_start_with_bulletpoint", "0..1", "lines that begin with one of ten bullets"));
        list.add(new Signal(
                "rps_lines_ending_with_terminal_punctution_mark",
                "0..1",
                "lines that end with . ! ? or a closing quotation mark (spelled as published)"));
        list.add(new Signal("rps_doc_num_sentences", "sentences", "runs without . ! ? from a word boundary on"));
        list.add(new Signal("rps_doc_curly_bracket", "per character", "curly brackets, over characters"));
        list.add(new Signal("rps_doc_lorem_ipsum", "per character", "lorem ipsum, over normalised characters"));
        for (int n = 2; n <= 4; n++) {
            list.add(new Signal(
                    "rps_doc_frac_chars_top_" + n + "gram",
                    "0..1 or more where occurrences overlap",
                    "characters of the most frequent n-gram, the first among equals, over those of normalised words"));
        }
        for (int n = 5; n <= 10; n++) {
            list.add(new Signal(
                    "rps_doc_frac_chars_dupe_" + n + "grams",
                    "0..1",
                    "characters of words in n-grams that occur more than once, each word once"));
        }
        return List.copyOf(list);
    }
}
