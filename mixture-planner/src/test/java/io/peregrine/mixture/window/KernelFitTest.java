package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelFitTest {
    private static final double EPS = 0.005;
    private static final List<ForgettingKernel> SHAPES = List.of(new ExponentialKernel(), new PowerKernel());

    /** A run of constant rates: {@code tau = 2}. */
    private static EmaKernel ema() {
        return new EmaKernel(List.of(0.0, 1.0, 10.0), List.of(0.0, -0.5, -5.0));
    }

    @Test
    void anExponentialIsRecoveredWithItsWindow() {
        GapCurve curve = Curves.exact(a -> 0.06 * Math.exp(-a), 0.001, Curves.twelveAges());
        KernelFit best = KernelFit.all(curve, SHAPES).get(0);
        assertThat(best.title()).isEqualTo("exponential");
        assertThat(best.amplitude()).isCloseTo(0.06, within(1e-6));
        assertThat(best.chiSquare()).isLessThan(1e-6);
        assertThat(best.halfLifeTokens(6).orElseThrow()).isCloseTo(Math.log(2), within(1e-5));
        assertThat(best.halfLifeTokens(0.5)).isEmpty();
        FittedWindow.Found window = (FittedWindow.Found) FittedWindow.of(best, curve, EPS);
        assertThat(window.tokens()).isCloseTo(Math.log(12), within(1e-5));
        assertThat(window.lower()).isBetween(1.8, 2.45);
        assertThat(Math.sqrt(window.lower() * window.upper())).isCloseTo(window.tokens(), within(1e-9));
    }

    @Test
    void aPowerLawIsToldFromAnExponential() {
        GapCurve curve = Curves.exact(a -> 0.1 * Math.pow(1 + a / 0.1, -0.7), 0.0005, Curves.twelveAges());
        KernelFit best = KernelFit.all(curve, SHAPES).get(0);
        assertThat(best.title()).isEqualTo("power");
        assertThat(best.parameters().get(1)).isCloseTo(Math.log(0.1), within(1e-3));
        assertThat(best.parameters().get(2)).isCloseTo(Math.log(0.7), within(1e-3));
        for (double age : Curves.twelveAges()) {
            double step = 1e-6 * age;
            assertThat(best.slope(age)).isCloseTo((best.gap(age + step) - best.gap(age - step)) / 2e-6, within(1e-7));
        }
    }

    @Test
    void aFloorIsFoundAndAboveEpsThereIsNoWindow() {
        GapCurve curve = Curves.exact(a -> 0.06 * Math.exp(-a / 0.3) + 0.008, 0.001, Curves.twelveAges());
        KernelFit best = KernelFit.all(curve, SHAPES).get(0);
        assertThat(best.title()).isEqualTo("exponential + floor");
        assertThat(best.floor()).isCloseTo(0.008, within(1e-6));
        assertThat(FittedWindow.of(best, curve, EPS)).isEqualTo(new FittedWindow.Beyond(curve.oldestTokens()));
    }

    @Test
    void theOptimizersAverageHasNoShapeToFit() {
        GapCurve curve = Curves.exact(a -> 0.06 * Math.exp(-a / 2), 0.001, Curves.twelveAges());
        KernelFit best =
                KernelFit.all(curve, List.of(ema(), new ExponentialKernel())).get(0);
        assertThat(best.title()).isEqualTo("EMA of AdamW");
        assertThat(best.parameters()).hasSize(1);
        // 2 ln 12 = 4.97, and beyond the last step that is known its rate goes on.
        assertThat(((FittedWindow.Found) FittedWindow.of(best, curve, EPS)).tokens())
                .isCloseTo(2 * Math.log(12), within(1e-6));
        assertThat(ema().left(20, new double[0])).isCloseTo(Math.exp(-10), within(1e-12));
    }

    @Test
    void whatIsNeverRememberedHasItsWindowBelowTheYoungestAge() {
        GapCurve curve = Curves.exact(a -> 0.004 * Math.exp(-a), 0.001, Curves.twelveAges());
        KernelFit fit = KernelFit.fit(curve, new ExponentialKernel(), false).orElseThrow();
        assertThat(FittedWindow.of(fit, curve, EPS)).isEqualTo(new FittedWindow.Below(0.02));
    }

    @Test
    void tooFewPointsDetermineNoCurve() {
        GapCurve curve = Curves.exact(a -> 0.06 * Math.exp(-a), 0.001, 1, 2, 3, 4);
        assertThat(KernelFit.fit(curve, new ExponentialKernel(), false)).isPresent();
        assertThat(KernelFit.fit(curve, new ExponentialKernel(), true)).isEmpty();
        assertThat(KernelFit.fit(curve, new PowerKernel(), false)).isEmpty();
        // Where nothing is left to fall, no time can be read off.
        GapCurve zero = Curves.exact(a -> 0, 0.001, Curves.twelveAges());
        assertThat(KernelFit.fit(zero, new ExponentialKernel(), false)).isEmpty();
    }

    /** The whole procedure, the choice of the shape included: 0.08 nats between sequences, 2,000 of them in a bin. */
    @Test
    void theIntervalOfTheWindowCoversIt() {
        SeedStream draws = SeedStream.of(1);
        GapCurve truth = Curves.exact(a -> 0.06 * Math.exp(-a), 0.08 / Math.sqrt(2000), Curves.twelveAges());
        int trials = 1000;
        int found = 0;
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            GapCurve curve = Curves.noisy(truth, draws);
            FittedWindow window = FittedWindow.of(KernelFit.all(curve, SHAPES).get(0), curve, EPS);
            if (window instanceof FittedWindow.Found it) {
                found++;
                covered += it.lower() <= Math.log(12) && Math.log(12) <= it.upper() ? 1 : 0;
            }
        }
        assertThat(found).isEqualTo(trials);
        assertThat(covered / (double) found).isBetween(0.93, 0.97);
    }
}
