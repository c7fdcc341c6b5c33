package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IsotonicTest {
    @Test
    void whatFallsStaysAndWhatRisesIsPooledByWeight() {
        assertThat(Isotonic.falling(new double[] {5, 3, 1}, new double[] {1, 1, 1}))
                .containsExactly(5, 3, 1);
        assertThat(Isotonic.falling(new double[] {4, 1, 2, 3, 0}, new double[] {1, 1, 1, 2, 1}))
                .containsExactly(4, 2.25, 2.25, 2.25, 0);
        // The pool of the last two rises above the first and takes it in.
        assertThat(Isotonic.falling(new double[] {2, 1, 6}, new double[] {1, 1, 1}))
                .containsExactly(3, 3, 3);
        assertThat(Isotonic.falling(new double[0], new double[0])).isEmpty();
    }
}
