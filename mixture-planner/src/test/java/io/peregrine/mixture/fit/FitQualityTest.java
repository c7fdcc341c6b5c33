package io.peregrine.mixture.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FitQualityTest {
    @Test
    void ranksDistancesAndRegretAreThoseOfTheDefinition() {
        // Ranks 1 2 3 4 against 2 1 3 4: rho = 1 - 6 * 2 / (4 * 15).
        FitQuality quality = FitQuality.of(new double[] {1, 2, 3, 4}, new double[] {2, 1, 3, 4}, 1);
        assertThat(quality.spearman()).isEqualTo(0.8, within(1e-12));
        assertThat(quality.rmse()).isEqualTo(Math.sqrt(0.5), within(1e-12));
        assertThat(quality.regret())
                .as("the first choice has loss 2, the best 1")
                .isEqualTo(1);
        assertThat(FitQuality.of(new double[] {1, 2, 3, 4}, new double[] {2, 1, 3, 4}, 2)
                        .regret())
                .isZero();
    }

    @Test
    void aConstantRanksNothing() {
        assertThat(FitQuality.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}, 1)
                        .spearman())
                .isZero();
    }
}
