package io.peregrine.data.language;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** From the mean of a text's rows to the likeliest labels, by the loss that a model was trained with. */
sealed interface FastTextOutput {
    /** Best first; of equals the one that stands first in the dictionary. */
    Comparator<Scored> BEST_FIRST =
            Comparator.comparing(Scored::logProbability).reversed().thenComparing(Scored::label);

    /** A label and the logarithm of its probability and {@value #FLOOR}. */
    record Scored(int label, float logProbability) {}

    /** What the original adds before it takes a logarithm. */
    double FLOOR = 1e-5;

    List<Scored> best(float[] hidden, int most);

    static FastTextOutput of(FastTextArgs.Loss loss, FastTextMatrix weights, FastTextDictionary dictionary) {
        return loss == FastTextArgs.Loss.HIERARCHICAL_SOFTMAX
                ? new Tree(weights, dictionary)
                : new Flat(weights, loss == FastTextArgs.Loss.SOFTMAX);
    }

    private static float log(double probability) {
        return (float) StrictMath.log(probability + FLOOR);
    }

    /** One row a label: softmax over all, or a logistic curve for each. */
    record Flat(FastTextMatrix weights, boolean softmax) implements FastTextOutput {
        private static final int TABLE = 512;
        private static final int TABLE_END = 8;

        @Override
        public List<Scored> best(float[] hidden, int most) {
            float[] probabilities = new float[weights.rows()];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = weights.dot(hidden, i);
            }
            if (softmax) {
                normalize(probabilities);
            }
            List<Scored> scored = new ArrayList<>();
            for (int i = 0; i < probabilities.length; i++) {
                scored.add(new Scored(i, log(softmax ? probabilities[i] : logistic(probabilities[i]))));
            }
            scored.sort(BEST_FIRST);
            return List.copyOf(scored.subList(0, Math.min(most, scored.size())));
        }

        private static void normalize(float[] logits) {
            float max = logits[0];
            for (float logit : logits) {
                max = Math.max(max, logit);
            }
            float sum = 0;
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) StrictMath.exp(logits[i] - max);
                sum += logits[i];
            }
            for (int i = 0; i < logits.length; i++) {
                logits[i] /= sum;
            }
        }

        /** The original looks the curve up in a table of 512 steps from -8 to 8. */
        private static float logistic(float x) {
            if (x < -TABLE_END) {
                return 0;
            }
            if (x > TABLE_END) {
                return 1;
            }
            int step = (int) ((x + TABLE_END) * TABLE / TABLE_END / 2);
            float at = (float) (step * 2 * TABLE_END) / TABLE - TABLE_END;
            return (float) (1.0 / (1.0 + (float) StrictMath.exp(-at)));
        }
    }

    /** A Huffman tree over the labels by their counts; every inner node has a row. */
    final class Tree implements FastTextOutput {
        private static final long UNKNOWN_COUNT = 1_000_000_000_000_000L;

        private final FastTextMatrix weights;
        private final int labels;
        private final int[] left;
        private final int[] right;

        Tree(FastTextMatrix weights, FastTextDictionary dictionary) {
            this.weights = weights;
            this.labels = dictionary.labels();
            int nodes = 2 * labels - 1;
            this.left = new int[nodes];
            this.right = new int[nodes];
            long[] counts = new long[nodes];
            Arrays.fill(counts, UNKNOWN_COUNT);
            for (int i = 0; i < labels; i++) {
                counts[i] = dictionary.labelCount(i);
            }
            int leaf = labels - 1;
            int node = labels;
            for (int i = labels; i < nodes; i++) {
                left[i] = leaf >= 0 && counts[leaf] < counts[node] ? leaf-- : node++;
                right[i] = leaf >= 0 && counts[leaf] < counts[node] ? leaf-- : node++;
                counts[i] = counts[left[i]] + counts[right[i]];
            }
        }

        @Override
        public List<Scored> best(float[] hidden, int most) {
            List<Scored> best = new ArrayList<>();
            Deque<Scored> open = new ArrayDeque<>();
            open.push(new Scored(2 * labels - 2, 0));
            float floor = log(0);
            while (!open.isEmpty()) {
                Scored at = open.pop();
                boolean hopeless = best.size() == most
                        && at.logProbability() < best.get(most - 1).logProbability();
                if (at.logProbability() < floor || hopeless) {
                    continue;
                }
                if (at.label() < labels) {
                    best.add(at);
                    best.sort(BEST_FIRST);
                    best.subList(Math.min(most, best.size()), best.size()).clear();
                    continue;
                }
                float f = weights.dot(hidden, at.label() - labels);
                f = (float) (1.0 / (1 + (float) StrictMath.exp(-f)));
                open.push(new Scored(right[at.label()], at.logProbability() + log(f)));
                open.push(new Scored(left[at.label()], at.logProbability() + log((float) (1.0 - f))));
            }
            return List.copyOf(best);
        }
    }
}
