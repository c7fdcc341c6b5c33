package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import org.junit.jupiter.api.Test;

class ChangePointTest {
    private static final SeedStream SEED = SeedStream.of(3);

    @Test
    void aKnotIsFound() {
        GapCurve curve = Curves.exact(a -> 0.02 * Math.max(0, Math.log(0.8 / a)), 0.001, Curves.twelveAges());
        ChangePoint found = ChangePoint.of(curve, SEED).orElseThrow();
        assertThat(found.knotTokens()).isCloseTo(0.8, within(0.04));
        assertThat(found.lower()).isBetween(0.6, found.knotTokens());
        assertThat(found.upper()).isBetween(found.knotTokens(), 1.0);
        assertThat(found.p()).isEqualTo(1.0 / 500);
    }

    @Test
    void aLineWithoutOneHasNone() {
        GapCurve curve = Curves.exact(a -> 0.02 * Math.log(50 / a), 0.005, Curves.twelveAges());
        assertThat(ChangePoint.of(curve, SEED).orElseThrow().p()).isGreaterThan(0.2);
    }

    @Test
    void tooFewBinsTellNothing() {
        assertThat(ChangePoint.of(Curves.exact(a -> 1 / a, 0.01, 1, 2, 3), SEED))
                .isEmpty();
    }
}
