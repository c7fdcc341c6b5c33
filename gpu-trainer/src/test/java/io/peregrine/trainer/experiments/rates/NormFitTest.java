package io.peregrine.trainer.experiments.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormFitTest {
    private static List<NormFit.Point> points(double byEwd, double byElr, double noise) {
        SeedStream draws = SeedStream.of(2);
        List<NormFit.Point> points = new ArrayList<>();
        for (double elr : new double[] {0.05, 0.1, 0.2}) {
            for (double ewd : new double[] {10, 20, 40}) {
                double rms = 0.3 * Math.pow(ewd, byEwd) * Math.pow(elr, byElr);
                points.add(new NormFit.Point(elr, ewd, rms * Math.exp(noise * draws.nextGaussian())));
            }
        }
        return points;
    }

    @Test
    void slopesAreThoseThatMadeThePoints() {
        NormFit exact = NormFit.of(points(-1, 0.25, 0));
        assertThat(exact.ewd().value()).isCloseTo(-1, within(1e-9));
        assertThat(exact.elr().value()).isCloseTo(0.25, within(1e-9));
        assertThat(exact.r2()).isCloseTo(1, within(1e-9));
        NormFit noisy = NormFit.of(points(-1, 0, 0.05));
        assertThat(noisy.ewd().covers(-1)).isTrue();
        assertThat(noisy.elr().covers(0)).isTrue();
        assertThat(noisy.ewd().covers(-0.5)).isFalse();
    }

    @Test
    void twoSlopesNeedFourArmsAtTwoValuesOfEach() {
        List<NormFit.Point> oneEwd =
                points(-1, 0, 0).stream().filter(point -> point.ewd() == 10).toList();
        assertThatThrownBy(() -> NormFit.of(oneEwd))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        "norms of 3 arms at ELR [0.05, 0.1, 0.2] and EWD [10.0]: two slopes need four arms");
    }
}
