package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TokenChoiceTest {
    @Test
    void probabilitiesAreTheModelsOwn() {
        TokenChoice choice = TokenChoice.of(2, new float[] {1, 1, 1, 1}, 4);
        assertThat(choice.logProbability().orElseThrow()).isCloseTo(Math.log(0.25), within(1e-12));
        assertThat(choice.likeliest()).extracting(TokenChoice.Likely::id).containsExactly(0, 1, 2, 3);
    }

    @Test
    void theLikeliestComeFirstAndEqualOnesById() {
        float[] logits = {-3, 2, 5, 2, 5, Float.NEGATIVE_INFINITY, 700, -1};
        TokenChoice choice = TokenChoice.of(0, logits, 5);
        assertThat(choice.likeliest()).extracting(TokenChoice.Likely::id).containsExactly(6, 2, 4, 1, 3);
        assertThat(choice.likeliest().get(0).logProbability()).isZero();
        assertThat(choice.likeliest().get(1).logProbability()).isEqualTo(-695);
        assertThat(choice.logProbability().orElseThrow()).isEqualTo(-703);
    }

    @Test
    void nothingIsToldThatIsNotAskedFor() {
        assertThat(TokenChoice.of(3).logProbability()).isEmpty();
        assertThat(TokenChoice.of(0, new float[] {1, 2}, 0).likeliest()).isEmpty();
        assertThat(TokenChoice.of(0, new float[] {1, 2}, 5).likeliest()).hasSize(2);
    }
}
