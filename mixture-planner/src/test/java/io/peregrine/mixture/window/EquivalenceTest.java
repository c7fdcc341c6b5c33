package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EquivalenceTest {
    @Test
    void theWorseOfTwoTestsAdjustedByHolm() {
        // Distances to the nearer limit: 5, 3, 1 and -1 standard errors, the second from below.
        double[] gaps = {0.0, -0.002, 0.004, 0.006};
        GapCurve curve = Curves.exact(a -> gaps[(int) a - 1], 0.001, 1, 2, 3, 4);
        List<Equivalence> tests = Equivalence.of(curve, 0.005);
        assertThat(tests.get(0).adjustedP()).isCloseTo(4 * 2.8665e-7, within(5e-8));
        assertThat(tests.get(1).adjustedP()).isCloseTo(3 * 1.3499e-3, within(1e-5));
        assertThat(tests.get(2).adjustedP()).isCloseTo(2 * 0.158655, within(1e-4));
        assertThat(tests.get(3).adjustedP()).isCloseTo(0.841345, within(1e-4));
        assertThat(tests).extracting(Equivalence::isEquivalent).containsExactly(true, true, false, false);
    }
}
