package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExponentialLawTest {
    private static final double RIDGE = 1e-8;

    @Test
    void aKnownLawIsRecovered() {
        ProxyRuns runs = TestRuns.runs(60, 0, 1);
        for (int target = 0; target < 2; target++) {
            ExponentialLaw known = TestRuns.LAWS.get(target);
            ExponentialLaw law = ExponentialLaw.fit(runs, target, RIDGE);
            assertThat(law.converged()).isTrue();
            assertThat(law.floor()).isEqualTo(known.floor(), within(1e-5));
            double[] differences = new double[4];
            for (int i = 0; i < 4; i++) {
                differences[i] =
                        law.sensitivities().get(i) - known.sensitivities().get(i);
            }
            // Only differences between sensitivities mean anything; the ridge picks those that sum to 0.
            for (double difference : differences) {
                assertThat(difference).isEqualTo(differences[0], within(1e-4));
            }
            assertThat(law.sensitivities().stream().mapToDouble(t -> t).sum()).isEqualTo(0, within(1e-6));
        }
    }

    @Test
    void noiseIsNotFitted() {
        double noise = 0.02;
        ProxyRuns runs = TestRuns.runs(400, noise, 2);
        CrossValidation validation = CrossValidation.of(
                runs, List.of(0.5, 0.5), 5, 3, 1e-4, SeedStream.of(3).child("folds"), Progress.SILENT);
        for (CrossValidation.Target target : validation.targets()) {
            // The law's own error is small beside the noise: sqrt(1 + 6/320) of it, and 400 runs measure it to 4 %.
            assertThat(target.exponential().rmse()).isBetween(0.9 * noise, 1.15 * noise);
            assertThat(target.exponential().spearman()).isGreaterThan(0.99);
            assertThat(target.linear().rmse()).isGreaterThan(2 * noise);
        }
    }

    @Test
    void theGradientIsThatOfTheLoss() {
        double[] weights = {0.4, 0.3, 0.2, 0.1};
        for (MixingLaw law :
                List.of(TestRuns.LAWS.get(0), TestRuns.LAWS.get(1), LinearLaw.fit(TestRuns.runs(30, 0, 4), 0, 1e-4))) {
            double[] gradient = new double[4];
            law.addGradient(weights, 3, gradient);
            for (int i = 0; i < 4; i++) {
                double[] more = weights.clone();
                double[] less = weights.clone();
                more[i] += 1e-6;
                less[i] -= 1e-6;
                assertThat(gradient[i]).isEqualTo(3 * (law.loss(more) - law.loss(less)) / 2e-6, within(1e-7));
            }
        }
    }

    @Test
    void foldsAreEvenAndTheSameForTheSameSeed() {
        List<List<Integer>> parts = CrossValidation.parts(23, 5, SeedStream.of(1));
        assertThat(parts.stream().flatMap(List::stream).sorted()).hasSize(23).doesNotHaveDuplicates();
        assertThat(parts).allSatisfy(part -> assertThat(part.size()).isBetween(4, 5));
        assertThat(CrossValidation.parts(23, 5, SeedStream.of(1))).isEqualTo(parts);
        assertThat(CrossValidation.parts(23, 5, SeedStream.of(2))).isNotEqualTo(parts);
    }
}
