package io.peregrine.data.language;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.ml.maxent.GISModel;
import opennlp.tools.ml.model.Context;

/**
 * OpenNLP's language model as flat arrays: for every known group of one to three UTF-16 units, what it adds to the
 * log-score of each language.
 *
 * <p>Reading the parameters ourselves avoids a string and two hash tables of strings per group of characters, in which
 * OpenNLP's own detector spends nearly all its time. Immutable, shared by all threads.
 *
 * @see <a href="https://opennlp.apache.org/models.html">OpenNLP models</a>, langdetect-183
 */
final class NgramModel {
    /** Longest group of UTF-16 units. */
    static final int LONGEST = 3;

    private static final String RESOURCE = "/langdetect-183.bin";

    private final List<String> languages;
    private final int[] languageOfOutcome;
    private final long[] keys;
    private final int[] entries;
    private final int[] firsts;
    private final int[] outcomes;
    private final double[] weights;

    private NgramModel(GISModel model) {
        Object[] data = model.getDataStructures();
        @SuppressWarnings("unchecked")
        Map<String, Context> contexts = (Map<String, Context>) data[1];
        String[] names = (String[]) data[2];
        List<String> codes = new ArrayList<>();
        for (String name : names) {
            codes.add(LanguageCodes.bcp47(name));
        }
        this.languages = List.copyOf(new LinkedHashSet<>(codes));
        this.languageOfOutcome = codes.stream().mapToInt(languages::indexOf).toArray();
        List<String> grams = new ArrayList<>(contexts.keySet());
        grams.removeIf(gram -> gram.isEmpty() || gram.length() > LONGEST);
        Collections.sort(grams);
        this.keys = new long[Integer.highestOneBit(Math.max(1, grams.size())) * 4];
        this.entries = new int[keys.length];
        this.firsts = new int[grams.size() + 1];
        int total = grams.stream()
                .mapToInt(gram -> contexts.get(gram).getOutcomes().length)
                .sum();
        this.outcomes = new int[total];
        this.weights = new double[total];
        for (int i = 0; i < grams.size(); i++) {
            put(grams.get(i), i, contexts.get(grams.get(i)));
        }
    }

    /** The model that comes with Peregrine. */
    static NgramModel load() {
        try (InputStream resource = NgramModel.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "no %s on the class path: opennlp-models-langdetect is missing".formatted(RESOURCE));
            }
            LanguageDetectorModel model = new LanguageDetectorModel(new BufferedInputStream(resource));
            return new NgramModel((GISModel) model.getMaxentModel());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    private void put(String gram, int entry, Context context) {
        int slot = slot(key(gram, 0, gram.length()));
        keys[slot] = key(gram, 0, gram.length());
        entries[slot] = entry;
        int first = firsts[entry];
        System.arraycopy(context.getOutcomes(), 0, outcomes, first, context.getOutcomes().length);
        System.arraycopy(context.getParameters(), 0, weights, first, context.getOutcomes().length);
        firsts[entry + 1] = first + context.getOutcomes().length;
    }

    /** Our codes of the languages, each once. */
    List<String> languages() {
        return languages;
    }

    /** Number of outcomes: the model's own languages, of which several may have one code of ours. */
    int outcomeCount() {
        return languageOfOutcome.length;
    }

    /** Index into {@link #languages()} of an outcome. */
    int language(int outcome) {
        return languageOfOutcome[outcome];
    }

    /** Number of known groups. */
    int size() {
        return firsts.length - 1;
    }

    /** Index of the group of characters, or -1 if the model does not know it. */
    int find(CharSequence text, int from, int length) {
        long key = key(text, from, length);
        int slot = slot(key);
        return keys[slot] == key ? entries[slot] : -1;
    }

    /** Adds what a group says to the log-score of each outcome. */
    void addTo(double[] scores, int entry) {
        for (int i = firsts[entry]; i < firsts[entry + 1]; i++) {
            scores[outcomes[i]] += weights[i];
        }
    }

    /** Length and units in one number, never 0. */
    private static long key(CharSequence text, int from, int length) {
        long key = length;
        for (int i = from; i < from + length; i++) {
            key = key << 16 | text.charAt(i);
        }
        return key;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
