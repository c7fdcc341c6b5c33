package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SamplingTest {
    private static final float[] LOGITS = {0f, 2f, 1f, -1f, 1f};

    private static double[] frequencies(Sampling sampling, float[] logits, int draws) {
        SeedStream seed = SeedStream.of(11).child("sampling");
        double[] share = new double[logits.length];
        for (int i = 0; i < draws; i++) {
            share[sampling.choose(logits, seed.nextDouble())]++;
        }
        return Arrays.stream(share).map(count -> count / draws).toArray();
    }

    private static double[] softmax(double temperature, int... kept) {
        double[] p = new double[LOGITS.length];
        for (int id : kept) {
            p[id] = Math.exp(LOGITS[id] / temperature);
        }
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }

    private static void assertFollows(double[] expected, Sampling sampling) {
        int draws = 40_000;
        double[] seen = frequencies(sampling, LOGITS, draws);
        for (int id = 0; id < expected.length; id++) {
            // Five standard deviations of a binomial share.
            double tolerance = 5 * Math.sqrt(expected[id] * (1 - expected[id]) / draws);
            assertThat(Math.abs(seen[id] - expected[id])).as("token %d", id).isLessThanOrEqualTo(tolerance);
        }
    }

    @Test
    void greedyTakesTheFirstOfTheLargest() {
        assertThat(Sampling.GREEDY.choose(LOGITS, 0.999)).isEqualTo(1);
        assertThat(Sampling.GREEDY.choose(new float[] {3f, 5f, 5f}, 0.5)).isEqualTo(1);
    }

    @Test
    void followsTheSoftmaxAtItsTemperature() {
        assertFollows(softmax(1, 0, 1, 2, 3, 4), new Sampling(1, 0, 1));
        assertFollows(softmax(0.5, 0, 1, 2, 3, 4), new Sampling(0.5, 0, 1));
        assertFollows(softmax(3, 0, 1, 2, 3, 4), new Sampling(3, 0, 1));
    }

    @Test
    void topKKeepsTheMostLikelyTiesById() {
        assertFollows(softmax(1, 1, 2), new Sampling(1, 2, 1));
        assertFollows(softmax(1, 1, 2, 4), new Sampling(1, 3, 1));
        assertFollows(softmax(1, 0, 1, 2, 3, 4), new Sampling(1, 99, 1));
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        // Probabilities 0.52, 0.19, 0.19, 0.07, 0.03.
        assertFollows(softmax(1, 1), new Sampling(1, 0, 0.5));
        assertFollows(softmax(1, 1, 2), new Sampling(1, 0, 0.6));
        assertFollows(softmax(1, 1, 2, 4), new Sampling(1, 0, 0.75));
    }

    @Test
    void topPIsTakenOfWhatTopKLeft() {
        // Of {1, 2} token 1 has 0.73.
        assertFollows(softmax(1, 1), new Sampling(1, 2, 0.7));
    }

    @Test
    void largeLogitsDoNotOverflowAndNegativeOnesSort() {
        assertThat(new Sampling(1, 2, 1).choose(new float[] {-500f, 3000f, -2f}, 0.999999))
                .isEqualTo(1);
        assertThat(new Sampling(1, 1, 1).choose(new float[] {-3f, -2f, -2.5f}, 0.5))
                .isEqualTo(1);
    }

    @Test
    void sameNumberSameToken() {
        Sampling sampling = new Sampling(0.8, 4, 0.95);
        for (int i = 0; i < 100; i++) {
            assertThat(sampling.choose(LOGITS, i / 100.0)).isEqualTo(sampling.choose(LOGITS.clone(), i / 100.0));
        }
    }

    @Test
    void aBrokenModelIsNotSampledFrom() {
        assertThatThrownBy(() -> Sampling.GREEDY.choose(new float[] {0f, Float.NaN}, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("logit of token 1 is NaN");
    }

    @Test
    void settingsHaveRules() {
        assertThatThrownBy(() -> new Sampling(-1, 0, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("temperature = -1.0: must be >= 0 (0 is greedy)");
        assertThatThrownBy(() -> new Sampling(1, -1, 1)).hasMessage("top-k = -1: must be >= 0 tokens (0 is all)");
        assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessage("top-p = 0.0: must be above 0 and at most 1");
    }
}
