package io.peregrine.data.language;

import io.peregrine.data.Document;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Identifies more than a hundred languages: by their script where it has one language, otherwise by OpenNLP's model
 * langdetect-183 and a few words.
 *
 * <ol>
 *   <li>The letters of a sample say which script the text is in, see {@link LetterCount}. Where that decides, see {@link
 *       ScriptLanguages}, nothing else is looked at.
 *   <li>The sample is normalised as the model wants it and scored by its distinct groups of one to three characters against
 *       the languages of the script, see {@link NgramTable}.
 *   <li>Where the two best are close and known to be confused, {@link MarkerWords} are counted.
 *   <li>Lead, fit and length become a probability, see {@link Confidence}.
 * </ol>
 *
 * <p>Mutable scratch space: one per thread. The model itself is read once per JVM and shared.
 */
public final class OpenNlpLanguageIdentifier implements LanguageIdentifier {
    /** Lead, in units of the log-score, from which on words are not asked. */
    private static final double CLEAR_LEAD = 2;

    /** What a marker word adds to the log-score, and how many count. */
    private static final float WORD_WEIGHT = 0.3f;

    private static final int WORDS_MAX = 8;

    private final int sampleCharacters;
    private final OpenNlpNormalizer normalizer = new OpenNlpNormalizer();
    private final LetterCount letters = new LetterCount();
    private final int[] counts = new int[Shared.WORDS.size()];
    private final float[] scores;
    private final int[] seen;
    private char[] units = new char[0];
    private int generation;
    private Evidence evidence = Evidence.NONE;

    /**
     * An identifier of one thread.
     *
     * @param sampleCharacters most UTF-16 units to look at
     */
    public OpenNlpLanguageIdentifier(int sampleCharacters) {
        this.sampleCharacters = sampleCharacters;
        this.scores = new float[Shared.MODEL.widestTable()];
        this.seen = new int[Shared.MODEL.largestTable()];
    }

    /** The codes that this identifier can answer with, besides {@code und}; sorted. */
    public static List<String> languages() {
        return Shared.LANGUAGES;
    }

    @Override
    public Identification identify(String text) {
        String sample = TextSample.of(text, sampleCharacters);
        if (units.length < sample.length()) {
            units = new char[sample.length()];
        }
        sample.getChars(0, sample.length(), units, 0);
        letters.count(units, sample.length());
        evidence = Evidence.NONE;
        if (letters.total() == 0) {
            return Identification.UNDETERMINED;
        }
        int script = letters.main();
        Optional<NgramTable> table = Shared.MODEL.table(script);
        if (table.isEmpty()) {
            return identification(
                    ScriptLanguages.language(letters, script), ScriptLanguages.confidence(letters, script));
        }
        int length = normalizer.normalize(units, sample.length());
        evidence = score(table.get(), script, length);
        return identification(evidence.language(), Confidence.of(evidence));
    }

    private Identification identification(String language, double confidence) {
        return language.equals(Document.UNDETERMINED) || confidence == 0
                ? Identification.UNDETERMINED
                : new Identification(language, confidence, letters.share(LanguageCodes.scripts(language)));
    }

    private Evidence score(NgramTable table, int script, int length) {
        Arrays.fill(scores, 0);
        if (++generation == 0) {
            Arrays.fill(seen, 0);
            generation = 1;
        }
        int groups = table.score(units, length, scores, seen, generation);
        if (groups == 0) {
            return Evidence.NONE;
        }
        int first = best(table, -1);
        int second = best(table, first);
        float score = scores[first];
        if (scores[first] - scores[second] < CLEAR_LEAD
                && Shared.WORDS.confusable(table.words()[first], table.words()[second])) {
            addWords(table, table.words()[first], length);
            first = best(table, -1);
            second = best(table, first);
        }
        return new Evidence(table.languages().get(first), script, scores[first] - scores[second], score, groups);
    }

    private void addWords(NgramTable table, int ofSet, int length) {
        Arrays.fill(counts, 0);
        Shared.WORDS.count(units, length, counts);
        for (int i = 0; i < table.languages().size(); i++) {
            int list = table.words()[i];
            if (Shared.WORDS.confusable(list, ofSet)) {
                scores[i] += WORD_WEIGHT * Math.min(WORDS_MAX, counts[list]);
            }
        }
    }

    /** The best score of a language other than that of column {@code except}. */
    private int best(NgramTable table, int except) {
        int best = -1;
        for (int i = 0; i < table.languages().size(); i++) {
            boolean other = except < 0
                    || !table.languages().get(i).equals(table.languages().get(except));
            if (other && (best < 0 || scores[i] > scores[best])) {
                best = i;
            }
        }
        return best;
    }

    /** Log-scores of a normal form by the table's columns, before any word is asked; for comparison with the original. */
    float[] scores(NgramTable table, String normalized) {
        float[] sums = new float[table.stride()];
        table.score(normalized.toCharArray(), normalized.length(), sums, new int[table.size()], 1);
        return Arrays.copyOf(sums, table.languages().size());
    }

    /** What the last answer rests on. */
    Evidence evidence() {
        return evidence;
    }

    /**
     * What speaks for a language.
     *
     * @param language the likeliest
     * @param script ICU's number of the main script
     * @param lead of its log-score over the next language's
     * @param score log-score of the likeliest by letter groups alone
     * @param groups distinct known groups
     */
    record Evidence(String language, int script, double lead, double score, int groups) {
        static final Evidence NONE = new Evidence(Document.UNDETERMINED, Scripts.NONE, 0, 0, 0);
    }

    /** Read on first use. */
    private static final class Shared {
        static final MarkerWords WORDS = MarkerWords.load();
        static final NgramModel MODEL = NgramModel.load(WORDS);
        static final List<String> LANGUAGES = Stream.concat(
                        MODEL.languages().stream(), ScriptLanguages.languages().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
