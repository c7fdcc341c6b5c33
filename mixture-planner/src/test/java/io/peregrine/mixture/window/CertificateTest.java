package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.window.Certificate.Certified;
import io.peregrine.mixture.window.Certificate.NotCertified;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateTest {
    private static final double EPS = 0.005;

    @Test
    void theFirstAgeFromWhichEveryBoundIsLowEnough() {
        // Bounds: gap + 1.645 * 0.001.
        GapCurve curve = Curves.exact(a -> a < 3 ? 0.02 : a < 5 ? 0.003 : 0.001, 0.001, 1, 2, 3, 4, 5, 6);
        assertThat(Certificate.of(curve, EPS)).isEqualTo(new Certified(3));
        assertThat(Certificate.of(curve, 0.0046)).isEqualTo(new Certified(5));
        assertThat(Certificate.upperBounds(curve).get(5)).isCloseTo(0.001 + 0.001645, within(1e-6));
    }

    @Test
    void aLowBinBeforeAHighOneCertifiesNothing() {
        GapCurve curve = Curves.exact(a -> a == 2 ? 0 : a == 3 ? 0.01 : 0.001, 0.001, 1, 2, 3, 4);
        assertThat(Certificate.of(curve, EPS)).isEqualTo(new Certified(4));
    }

    @Test
    void itMayRefuse() {
        GapCurve curve = Curves.exact(a -> 0.004, 0.001, 1, 2, 3);
        assertThat(Certificate.of(curve, EPS))
                .isEqualTo(new NotCertified(
                        "at the oldest age measured, 3.000 tokens, the gap may be 0.005645 nats, above eps = 0.005"));
        assertThat(Certificate.of(new GapCurve(List.of(), List.of(), List.of(), List.of()), EPS))
                .isEqualTo(new NotCertified("every bin is empty"));
    }

    /** Few steps make wide bounds: 6.31 standard errors with two of them. */
    @Test
    void fewStepsAreNotTrusted() {
        GapCurve curve = Curves.curve(List.of(Curves.point(0, 1, 0.001, 0.001, 2)));
        assertThat(Certificate.upperBounds(curve).get(0)).isCloseTo(0.001 + 0.0063138, within(1e-6));
        assertThat(Certificate.of(curve, EPS)).isInstanceOf(NotCertified.class);
    }

    /** Where the gap is eps everywhere, whatever is certified is wrong. */
    @Test
    void falseCertificatesAreRare() {
        SeedStream draws = SeedStream.of(11);
        GapCurve truth = Curves.exact(a -> EPS + 1e-12, 0.001, Curves.twelveAges());
        int certified = 0;
        int trials = 2000;
        for (int trial = 0; trial < trials; trial++) {
            certified += Certificate.of(Curves.noisy(truth, draws), EPS) instanceof Certified ? 1 : 0;
        }
        assertThat(certified / (double) trials).isBetween(0.01, 0.06);
    }
}
