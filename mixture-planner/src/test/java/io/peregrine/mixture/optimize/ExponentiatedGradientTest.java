package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.ForAll;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExponentiatedGradientTest {
    private static MixtureObjective objective(SeedStream random, int sources, double kl) {
        List<ExponentialLaw> laws = IntStream.range(0, 3)
                .mapToObj(i -> new ExponentialLaw(
                        1 + random.nextDouble(),
                        0.5 * random.nextGaussian(),
                        IntStream.range(0, sources)
                                .mapToObj(j -> 2 * random.nextGaussian())
                                .toList()))
                .toList();
        List<Double> prior =
                Arrays.stream(TestRuns.mixture(random, sources)).boxed().toList();
        return new MixtureObjective(laws, List.of(0.5, 0.3, 0.2), kl, prior);
    }

    @Test
    void theConditionsOfKarushKuhnAndTuckerHold() {
        ForAll.forAll(100, gen -> {
            int n = gen.between(2, 17);
            MixtureObjective objective = objective(gen.random(), n, new double[] {0.01, 0.1, 1}[gen.between(0, 2)]);
            double[] caps = CappedSimplexTest.caps(gen, n);
            CappedSimplex allowed =
                    new CappedSimplex(Arrays.stream(caps).boxed().toList());
            ExponentiatedGradient.Minimum minimum =
                    ExponentiatedGradient.minimize(objective, allowed, TestRuns.mixture(gen.random(), n));
            assertThat(minimum.gap()).isLessThanOrEqualTo(1e-10);
            double[] w = minimum.toArray();
            double[] g = objective.gradient(w);
            // One number between the gradients of weights that could grow and of weights that could shrink.
            double growing = Double.POSITIVE_INFINITY;
            double shrinking = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                growing = w[i] < caps[i] * (1 - 1e-6) ? Math.min(growing, g[i]) : growing;
                shrinking = w[i] > 1e-6 ? Math.max(shrinking, g[i]) : shrinking;
            }
            assertThat(growing).isGreaterThan(shrinking - 1e-3);
            assertThat(Arrays.stream(w).sum()).isEqualTo(1, within(1e-12));
        });
    }

    @Test
    void anotherMethodFindsTheSameMinimum() {
        for (int seed = 0; seed < 20; seed++) {
            SeedStream random = SeedStream.of(seed);
            int n = 2 + random.nextInt(4);
            MixtureObjective objective = objective(random, n, seed % 2 == 0 ? 0.3 : 0);
            double[] caps = IntStream.range(0, n).mapToDouble(i -> 0.75).toArray();
            double[] start = IntStream.range(0, n).mapToDouble(i -> 1.0 / n).toArray();
            ExponentiatedGradient.Minimum minimum = ExponentiatedGradient.minimize(
                    objective, new CappedSimplex(Arrays.stream(caps).boxed().toList()), start);
            double[] other = projectedGradient(objective, caps, start);
            assertThat(minimum.value())
                    .as("seed %d", seed)
                    .isEqualTo(objective.value(other), within(1e-8))
                    .isLessThan(objective.value(other) + 1e-10);
            if (seed % 2 == 0) {
                assertThat(minimum.toArray()).containsExactly(other, within(1e-4));
            }
        }
    }

    /** Steps along the gradient and Euclidean projection, for as long as it takes: knows nothing of the other's geometry. */
    private static double[] projectedGradient(MixtureObjective objective, double[] caps, double[] start) {
        double[] w = start.clone();
        double step = 0.1;
        for (int iteration = 0; iteration < 20_000; iteration++) {
            double[] g = objective.gradient(w);
            double[] moved = new double[w.length];
            for (int i = 0; i < w.length; i++) {
                moved[i] = w[i] - step * g[i];
            }
            double[] next = euclidean(moved, caps);
            if (objective.value(next) > objective.value(w)) {
                step /= 2;
            } else {
                w = next;
            }
        }
        return w;
    }

    /** {@code w_i = clip(v_i - tau, tiny, cap_i)} with the tau that makes them sum to 1, by bisection. */
    private static double[] euclidean(double[] v, double[] caps) {
        double low = Arrays.stream(v).min().orElseThrow() - 2;
        double high = Arrays.stream(v).max().orElseThrow();
        for (int i = 0; i < 100; i++) {
            double middle = (low + high) / 2;
            if (Arrays.stream(clipped(v, caps, middle)).sum() > 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return clipped(v, caps, high);
    }

    private static double[] clipped(double[] v, double[] caps, double tau) {
        return IntStream.range(0, v.length)
                .mapToDouble(i -> Math.max(1e-12, Math.min(caps[i], v[i] - tau)))
                .toArray();
    }
}
