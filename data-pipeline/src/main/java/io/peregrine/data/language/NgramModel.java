package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.ml.maxent.GISModel;
import opennlp.tools.ml.model.Context;

/**
 * OpenNLP's language model, cut into one table for each script that several of its languages are written in.
 *
 * <p>A text is scored by the table of its main script only. What the model says of letters in other scripts (an English
 * name in Russian text) and of languages that are not written in this one is noise, and most of the work.
 *
 * <p>Immutable, shared by all threads.
 *
 * @see <a href="https://opennlp.apache.org/models.html">OpenNLP models</a>, langdetect-183
 */
final class NgramModel {
    private static final String RESOURCE = "/langdetect-183.bin";

    /**
     * Least share of a language's positive weights in a script it is written in. Measured: languages have 0.42 to 0.99
     * in their scripts (Uzbek is in two) and at most 0.30 in others, from borrowed names.
     */
    private static final double WEIGHT_SHARE_MIN = 0.4;

    private final SortedMap<Integer, Optional<NgramTable>> tables = new TreeMap<>();
    private final List<String> languages;

    private NgramModel(GISModel model, MarkerWords words) {
        Object[] data = model.getDataStructures();
        @SuppressWarnings("unchecked")
        Map<String, Context> contexts = (Map<String, Context>) data[1];
        String[] names = (String[]) data[2];
        this.languages =
                Arrays.stream(names).map(LanguageCodes::bcp47).distinct().toList();
        List<Gram> grams = new ArrayList<>();
        contexts.forEach((gram, context) -> {
            if (!gram.isEmpty() && gram.length() <= NgramTable.LONGEST) {
                grams.add(new Gram(gram, context));
            }
        });
        grams.sort(Comparator.comparing(Gram::text));
        double[] all = positiveWeights(grams, names.length);
        for (int script : List.of(UScript.LATIN, UScript.CYRILLIC, UScript.ARABIC, UScript.DEVANAGARI)) {
            double[] own = positiveWeights(
                    grams.stream().filter(gram -> gram.script() == script).toList(), names.length);
            List<Integer> outcomes = new ArrayList<>();
            for (int i = 0; i < names.length; i++) {
                if (own[i] >= WEIGHT_SHARE_MIN * all[i]) {
                    outcomes.add(i);
                }
            }
            List<Gram> said = grams.stream()
                    .filter(gram -> gram.script() == script || gram.script() == Scripts.NONE)
                    .toList();
            tables.put(script, Optional.of(new NgramTable(said, outcomes, names, words)));
        }
    }

    private static double[] positiveWeights(List<Gram> grams, int outcomes) {
        double[] sums = new double[outcomes];
        for (Gram gram : grams) {
            for (int i = 0; i < gram.outcomes().length; i++) {
                sums[gram.outcomes()[i]] += Math.max(0, gram.weights()[i]);
            }
        }
        return sums;
    }

    /** The model that comes with Peregrine. */
    static NgramModel load(MarkerWords words) {
        try (InputStream resource = NgramModel.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "no %s on the class path: opennlp-models-langdetect is missing".formatted(RESOURCE));
            }
            LanguageDetectorModel model = new LanguageDetectorModel(new BufferedInputStream(resource));
            return new NgramModel((GISModel) model.getMaxentModel(), words);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    /** Our codes of all languages of the model, each once. */
    List<String> languages() {
        return languages;
    }

    /** The table of a script; none where the script alone decides. */
    Optional<NgramTable> table(int script) {
        return tables.getOrDefault(script, Optional.empty());
    }

    /** Most groups of a table. */
    int largestTable() {
        return tables.values().stream()
                .mapToInt(table -> table.orElseThrow().size())
                .max()
                .orElseThrow();
    }

    /** Longest array of scores that a table needs. */
    int widestTable() {
        return tables.values().stream()
                .mapToInt(table -> table.orElseThrow().stride())
                .max()
                .orElseThrow();
    }

    /** One to three characters and what they say of each outcome of the model. */
    record Gram(String text, Context context) {
        int[] outcomes() {
            return context.getOutcomes();
        }

        double[] weights() {
            return context.getParameters();
        }

        /** The script of the letters, {@link Scripts#NONE} without letters, -1 if they are of several. */
        int script() {
            int found = Scripts.NONE;
            for (int i = 0; i < text.length(); i++) {
                int script = Scripts.of(text.charAt(i));
                if (script != Scripts.NONE && found != Scripts.NONE && script != found) {
                    return -1;
                }
                found = script != Scripts.NONE ? script : found;
            }
            return found;
        }
    }
}
