package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.testing.ForAll;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CappedSimplexTest {
    @Test
    void whatIsOverACapGoesToTheOthersInProportion() {
        CappedSimplex allowed = new CappedSimplex(List.of(0.3, 1.0, 1.0));
        assertThat(allowed.project(new double[] {0.6, 0.3, 0.1}))
                .containsExactly(new double[] {0.3, 0.525, 0.175}, within(1e-15));
    }

    @Test
    void projectionsAreMinimaOfTheDivergence() {
        ForAll.forAll(200, gen -> {
            int n = gen.between(2, 12);
            double[] caps = caps(gen, n);
            CappedSimplex allowed =
                    new CappedSimplex(Arrays.stream(caps).boxed().toList());
            double[] v = TestRuns.mixture(gen.random(), n);
            for (int i = 0; i < n; i++) {
                v[i] *= Math.pow(10, gen.between(-30, 30)); // a step of the descent may shrink weights by any factor
            }
            double[] w = allowed.project(v);
            double sum = 0;
            double multiplier = 0;
            for (int i = 0; i < n; i++) {
                assertThat(w[i]).isBetween(0.0, caps[i]);
                sum += w[i];
                multiplier = w[i] < caps[i] ? Math.max(multiplier, w[i] / v[i]) : multiplier;
            }
            assertThat(sum).isEqualTo(1, within(1e-12));
            for (int i = 0; i < n; i++) { // w = min(cap, mu v) for one mu is what makes it the minimum
                if (w[i] < caps[i]) {
                    assertThat(w[i] / v[i]).isEqualTo(multiplier, within(1e-9 * multiplier));
                } else {
                    assertThat(multiplier * v[i])
                            .isGreaterThanOrEqualTo(caps[i] * (1 - 1e-9) * (multiplier > 0 ? 1 : 0));
                }
            }
        });
    }

    /** Caps that sum to 1 exactly, a little more or much more; some are 0. */
    static double[] caps(ForAll.Gen gen, int n) {
        double[] caps = TestRuns.mixture(gen.random(), n);
        double slack = new double[] {1 + 1e-9, 1.01, 1.5, 10}[gen.between(0, 3)];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            caps[i] = Math.min(1, caps[i] * slack);
            sum += caps[i];
        }
        if (sum < 1) {
            caps[0] = 1;
        }
        return caps;
    }

    @Test
    void capsThatLeaveNoMixtureAreRefused() {
        assertThatThrownBy(() -> new CappedSimplex(List.of(0.5, 0.4)))
                .hasMessageContaining("must be 0..1 and sum to >= 1");
    }
}
