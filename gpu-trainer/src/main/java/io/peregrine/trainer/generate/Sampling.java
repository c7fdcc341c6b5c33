package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import java.util.Arrays;

/**
 * How the next token is chosen from the logits: a pure function of them and one uniform number.
 *
 * <p>The logits are divided by the temperature; then only the {@code topK} most likely tokens stay, and of those the
 * fewest whose probability reaches {@code topP} (nucleus sampling, arXiv:1904.09751); one of them is drawn. Tokens of
 * equal logits are taken in the order of their ids, so that nothing depends on a sort.
 *
 * @param temperature 0 for greedy, 1 for the model's own distribution
 * @param topK most tokens to choose from, 0 for all
 * @param topP probability to choose from, in (0, 1]
 */
public record Sampling(double temperature, int topK, double topP) {
    /** Always the most likely token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new ConfigException("temperature", temperature, "must be >= 0 (0 is greedy)");
        }
        if (topK < 0) {
            throw new ConfigException("top-k", topK, "must be >= 0 tokens (0 is all)");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new ConfigException("top-p", topP, "must be above 0 and at most 1");
        }
    }

    /**
     * Chooses a token.
     *
     * @param logits one per token of the vocabulary, not modified
     * @param uniform a number in [0, 1); not looked at when greedy
     * @return the id chosen
     * @throws IllegalStateException if a logit is not a number or infinite: the model is broken
     */
    public int choose(float[] logits, double uniform) {
        int best = mostLikely(logits);
        if (temperature == 0) {
            return best;
        }
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = StrictMath.exp(((double) logits[i] - logits[best]) / temperature);
        }
        if (topK == 0 && topP == 1) {
            return draw(identity(logits.length), logits.length, weights, uniform);
        }
        int[] ids = byLikelihood(logits);
        int kept = topK == 0 ? ids.length : Math.min(topK, ids.length);
        return draw(ids, nucleus(ids, kept, weights), weights, uniform);
    }

    /** How many of the first {@code kept} ids reach {@code topP} of their common probability. */
    private int nucleus(int[] ids, int kept, double[] weights) {
        double enough = topP * sum(ids, kept, weights);
        double reached = 0;
        for (int n = 0; n < kept; n++) {
            reached += weights[ids[n]];
            if (reached >= enough) {
                return n + 1;
            }
        }
        return kept;
    }

    private static int draw(int[] ids, int kept, double[] weights, double uniform) {
        double target = uniform * sum(ids, kept, weights);
        double reached = 0;
        for (int n = 0; n < kept - 1; n++) {
            reached += weights[ids[n]];
            if (target < reached) {
                return ids[n];
            }
        }
        return ids[kept - 1];
    }

    private static double sum(int[] ids, int kept, double[] weights) {
        double sum = 0;
        for (int n = 0; n < kept; n++) {
            sum += weights[ids[n]];
        }
        return sum;
    }

    private static int mostLikely(float[] logits) {
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isFinite(logits[i])) {
                throw new IllegalStateException("logit of token %d is %s".formatted(i, logits[i]));
            }
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private static int[] identity(int n) {
        int[] ids = new int[n];
        Arrays.setAll(ids, i -> i);
        return ids;
    }

    /** Ids from the largest logit to the smallest, equal ones by id. */
    private static int[] byLikelihood(float[] logits) {
        long[] keys = new long[logits.length];
        for (int i = 0; i < keys.length; i++) {
            // +0 f makes -0.0 a 0.0, so that equal logits have equal bits.
            int bits = Float.floatToIntBits(logits[i] + 0f);
            int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[i] = ((long) ~ascending << Integer.SIZE) | i;
        }
        Arrays.sort(keys);
        int[] ids = new int[keys.length];
        Arrays.setAll(ids, i -> (int) keys[i]);
        return ids;
    }
}
