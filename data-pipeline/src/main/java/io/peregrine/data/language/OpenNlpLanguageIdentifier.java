package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import io.peregrine.data.text.CodePoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import opennlp.tools.util.normalizer.AggregateCharSequenceNormalizer;
import opennlp.tools.util.normalizer.CharSequenceNormalizer;
import opennlp.tools.util.normalizer.EmojiCharSequenceNormalizer;
import opennlp.tools.util.normalizer.NumberCharSequenceNormalizer;
import opennlp.tools.util.normalizer.ShrinkCharSequenceNormalizer;
import opennlp.tools.util.normalizer.TwitterCharSequenceNormalizer;
import opennlp.tools.util.normalizer.UrlCharSequenceNormalizer;

/**
 * Identifies about a hundred languages with OpenNLP's model langdetect-183.
 *
 * <p>The text is sampled, normalised as OpenNLP's detector does it (emoji, addresses, numbers, repeated characters) and
 * scored by its distinct groups of one to three characters: {@code p} is the softmax of the summed weights, the same
 * number that {@code LanguageDetectorME} gives. Those numbers are nearly flat over the languages, so the confidence is
 * the lead over the next language, see {@link Identification}.
 *
 * <p>Mutable scratch space: one per thread. The model itself is read once per JVM and shared.
 */
public final class OpenNlpLanguageIdentifier implements LanguageIdentifier {
    private static final CharSequenceNormalizer NORMALIZER = new AggregateCharSequenceNormalizer(
            EmojiCharSequenceNormalizer.getInstance(),
            UrlCharSequenceNormalizer.getInstance(),
            TwitterCharSequenceNormalizer.getInstance(),
            NumberCharSequenceNormalizer.getInstance(),
            ShrinkCharSequenceNormalizer.getInstance());

    private final int sampleCharacters;
    private final NgramModel model;
    private final List<Set<Integer>> scripts;
    private final double[] scores;
    private final int[] seen;
    private int generation;

    /**
     * An identifier of one thread.
     *
     * @param sampleCharacters most UTF-16 units to look at
     */
    public OpenNlpLanguageIdentifier(int sampleCharacters) {
        this.sampleCharacters = sampleCharacters;
        this.model = SharedModel.MODEL;
        this.scripts = SharedModel.SCRIPTS;
        this.scores = new double[model.outcomeCount()];
        this.seen = new int[model.size()];
    }

    /** The codes that this identifier can answer with, besides {@code und}. */
    public static List<String> languages() {
        return SharedModel.MODEL.languages();
    }

    @Override
    public Identification identify(String text) {
        String sample = TextSample.of(text, sampleCharacters);
        if (sample.codePoints().noneMatch(c -> CodePoints.is(c, CodePoints.LETTER))) {
            return Identification.UNDETERMINED;
        }
        score(lowerCase(NORMALIZER.normalize(sample)));
        double[] best = bestByLanguage();
        int first = argMax(best, -1);
        int second = argMax(best, first);
        double confidence = -Math.expm1(best[second] - best[first]);
        return confidence == 0
                ? Identification.UNDETERMINED
                : new Identification(model.languages().get(first), confidence, ownScriptRatio(sample, first));
    }

    /** Probability of each of the model's own languages for a text taken whole; for comparison with the original. */
    double[] probabilities(CharSequence text) {
        score(lowerCase(NORMALIZER.normalize(text)));
        double[] probabilities =
                Arrays.stream(scores).map(score -> StrictMath.exp(score)).toArray();
        double sum = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(p -> p / sum).toArray();
    }

    private void score(CharSequence text) {
        Arrays.fill(scores, 0);
        generation++;
        for (int length = 1; length <= NgramModel.LONGEST; length++) {
            for (int from = 0; from + length <= text.length(); from++) {
                int entry = model.find(text, from, length);
                if (entry >= 0 && seen[entry] != generation) {
                    seen[entry] = generation;
                    model.addTo(scores, entry);
                }
            }
        }
    }

    private double[] bestByLanguage() {
        double[] best = new double[model.languages().size()];
        Arrays.fill(best, Double.NEGATIVE_INFINITY);
        for (int outcome = 0; outcome < scores.length; outcome++) {
            int language = model.language(outcome);
            best[language] = Math.max(best[language], scores[outcome]);
        }
        return best;
    }

    private static int argMax(double[] values, int except) {
        int best = -1;
        for (int i = 0; i < values.length; i++) {
            if (i != except && (best < 0 || values[i] > values[best])) {
                best = i;
            }
        }
        return best;
    }

    private double ownScriptRatio(String sample, int language) {
        Set<Integer> own = scripts.get(language);
        long[] letters = new long[2];
        sample.codePoints().filter(c -> CodePoints.is(c, CodePoints.LETTER)).forEach(c -> {
            int script = UScript.getScript(c);
            if (script != UScript.COMMON && script != UScript.INHERITED) {
                letters[own.contains(script) ? 1 : 0]++;
            }
        });
        long all = letters[0] + letters[1];
        return own.isEmpty() || all == 0 ? 1 : (double) letters[1] / all;
    }

    /** One unit to one unit, as the model was trained. */
    private static CharSequence lowerCase(CharSequence text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < lower.length(); i++) {
            lower.setCharAt(i, Character.toLowerCase(lower.charAt(i)));
        }
        return lower;
    }

    /** Read on first use. */
    private static final class SharedModel {
        static final NgramModel MODEL = NgramModel.load();
        static final List<Set<Integer>> SCRIPTS = scripts();

        private static List<Set<Integer>> scripts() {
            List<Set<Integer>> scripts = new ArrayList<>();
            MODEL.languages().forEach(language -> scripts.add(LanguageCodes.scripts(language)));
            return List.copyOf(scripts);
        }
    }
}
