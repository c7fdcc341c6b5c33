package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {
    @Test
    void theWorstBinTimesTheirNumber() {
        double[] differences = {0.001, -0.003, 0.002};
        Balance balance = Balance.of(Curves.exact(a -> differences[(int) a - 1], 0.001, 1, 2, 3))
                .orElseThrow();
        assertThat(balance.p()).isCloseTo(3 * 0.0026998, within(1e-4));
        assertThat(balance.bin()).isEqualTo(1);
        assertThat(balance.nats()).isEqualTo(-0.003);
        assertThat(balance.isAlike()).isFalse();
        assertThat(Balance.of(new GapCurve(List.of(), List.of(), List.of(), List.of())))
                .isEmpty();
    }

    /** With few steps a large difference is no surprise: t = 3 with one degree of freedom has p = 0.2. */
    @Test
    void fewStepsAccuseNobody() {
        Balance balance = Balance.of(Curves.curve(List.of(Curves.point(0, 1, 0.003, 0.001, 2))))
                .orElseThrow();
        assertThat(balance.p()).isCloseTo(0.2048, within(1e-3));
        assertThat(balance.isAlike()).isTrue();
    }

    @Test
    void whatIsAlikeIsRarelyAccused() {
        SeedStream draws = SeedStream.of(13);
        GapCurve truth = Curves.exact(a -> 0, 0.001, Curves.twelveAges());
        int accused = 0;
        for (int trial = 0; trial < 2000; trial++) {
            accused += Balance.of(Curves.noisy(truth, draws)).orElseThrow().isAlike() ? 0 : 1;
        }
        assertThat(accused).isBetween(5, 35);
    }

    /** What lies above 0 is remembered; only what lies below it is strange. */
    @Test
    void onlyGapsBelowZeroAreStrange() {
        double[] gaps = {0.5, -0.003, 0.002};
        Balance below = Balance.below(Curves.exact(a -> gaps[(int) a - 1], 0.001, 1, 2, 3))
                .orElseThrow();
        assertThat(below.p()).isCloseTo(3 * 0.0013499, within(1e-4));
        assertThat(below.bin()).isEqualTo(1);
        assertThat(below.isAlike()).isFalse();
        assertThat(Balance.below(Curves.exact(a -> 0.5, 0.001, 1, 2, 3))
                        .orElseThrow()
                        .isAlike())
                .isTrue();
    }
}
