package io.peregrine.data.filters.datatrove;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.text.SentenceCounter;
import io.peregrine.data.text.SpacySentences;
import io.peregrine.data.text.SpacyWords;
import io.peregrine.data.text.WordSplitter;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Measures what datatrove's filters decide on, with its definitions of word, line, paragraph, duplicate and denominator.
 *
 * <p>The families run in datatrove's order on one reading of the text. {@link Family#C4} rewrites the text, and what comes
 * after it, {@link Family#FINEWEB} and the rest of the pipeline, sees the rewritten one. Nothing is decided: every signal
 * is measured whatever the others say. Where datatrove would divide by zero, and so fail, the value is NaN and another
 * signal is 0, on which a profile has a rule.
 *
 * @see <a href="https://github.com/huggingface/datatrove">datatrove</a>, version 0.10
 */
public final class DatatroveAnnotator implements Annotator {
    /** What a profile calls these definitions. */
    public static final String DEFINITIONS = "datatrove";

    private final Set<Family> families;
    private final List<Signal> signals;
    private final Page page;
    private final Repetition repetition = new Repetition();
    private final Quality quality;
    private final C4Lines c4;
    private final FineWebLines fineWeb;

    /**
     * For English: measures the families that the profile's rules ask about.
     *
     * @throws ConfigException if the profile means other definitions or words
     */
    public DatatroveAnnotator(Profile profile) {
        this(english(profile), profile);
    }

    private DatatroveAnnotator(SpacyWords words, Profile profile) {
        this(words, new SpacySentences(SpacyWords.english()), profile.stopWords(), Family.of(profile.rules()));
    }

    private static SpacyWords english(Profile profile) {
        require("definitions", profile.definitions(), DEFINITIONS);
        require("words", profile.words(), SpacyWords.ENGLISH);
        return SpacyWords.english();
    }

    private static void require(String key, String value, String wanted) {
        if (!value.equals(wanted)) {
            throw new ConfigException(key, value, "must be " + wanted);
        }
    }

    /**
     * @param words what a word is
     * @param sentences what a sentence is, for {@link Family#C4}
     * @param stopWords of the language, in the case in which they count
     * @param families what to measure
     */
    public DatatroveAnnotator(
            WordSplitter words, SentenceCounter sentences, Collection<String> stopWords, Set<Family> families) {
        this.families = families.isEmpty() ? EnumSet.noneOf(Family.class) : EnumSet.copyOf(families);
        this.signals = Family.signals(families);
        this.page = new Page(words);
        this.quality = new Quality(stopWords);
        this.c4 = new C4Lines(words, sentences);
        this.fineWeb = new FineWebLines(words);
    }

    @Override
    public List<Signal> signals() {
        return signals;
    }

    @Override
    public Annotation annotate(Document document) {
        double[] values = new double[signals.size()];
        page.read(document.text());
        int at = 0;
        at += families.contains(Family.REPETITION) ? repetition.measure(page, values, at) : 0;
        at += families.contains(Family.QUALITY) ? quality.measure(page, values, at) : 0;
        Document left = document;
        OptionalInt leftWords = OptionalInt.of(page.wordCount());
        if (families.contains(Family.C4)) {
            at += c4.measure(page, values, at);
            String text = c4.text();
            if (!text.equals(document.text())) {
                left = document.withText(text);
                leftWords = c4.words();
            }
        }
        if (families.contains(Family.FINEWEB)) {
            fineWeb.measure(left.text(), leftWords, values, at);
        }
        return new Annotation(left, values);
    }
}
