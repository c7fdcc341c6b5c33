package io.peregrine.trainer.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A token that was chosen, and what the model thought of it.
 *
 * @param id of the token
 * @param logProbability natural logarithm of the model's own probability, before temperature and limits; if asked for
 * @param likeliest the likeliest tokens, equally likely ones by id; as many as were asked for
 */
public record TokenChoice(int id, OptionalDouble logProbability, List<Likely> likeliest) {
    /** A token and the logarithm of its probability. */
    public record Likely(int id, double logProbability) {}

    public TokenChoice {
        likeliest = List.copyOf(likeliest);
    }

    /** A token of which nothing more is told. */
    static TokenChoice of(int id) {
        return new TokenChoice(id, OptionalDouble.empty(), List.of());
    }

    /** A token with its logarithm of probability and the {@code alternatives} likeliest ones. */
    static TokenChoice of(int id, float[] logits, int alternatives) {
        double max = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        double logSum = max + StrictMath.log(sum);
        List<Likely> likeliest = likeliest(logits, alternatives)
                .mapToObj(i -> new Likely(i, logits[i] - logSum))
                .toList();
        return new TokenChoice(id, OptionalDouble.of(logits[id] - logSum), likeliest);
    }

    /** Ids of the largest logits, by a heap's worth of comparisons: there are few of many. */
    private static IntStream likeliest(float[] logits, int count) {
        int[] best = new int[Math.min(count, logits.length)];
        int known = 0;
        for (int id = 0; id < logits.length && best.length > 0; id++) {
            if (known < best.length) {
                best[known++] = id;
                if (known == best.length) {
                    sort(best, logits);
                }
            } else if (logits[id] > logits[best[known - 1]]) {
                best[known - 1] = id;
                sort(best, logits);
            }
        }
        return Arrays.stream(best, 0, known);
    }

    private static void sort(int[] ids, float[] logits) {
        int[] sorted = Arrays.stream(ids)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id))
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(sorted, 0, ids, 0, ids.length);
    }
}
