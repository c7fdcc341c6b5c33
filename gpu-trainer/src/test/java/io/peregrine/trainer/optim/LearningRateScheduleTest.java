package io.peregrine.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.optim.LearningRateSchedule.Decay;
import io.peregrine.trainer.optim.LearningRateSchedule.Stable;
import org.junit.jupiter.api.Test;

final class LearningRateScheduleTest {
    private static LearningRateSchedule schedule(Decay decay, double floor) {
        return new LearningRateSchedule(100, 1000, Stable.CONSTANT, 0, decay, 200, floor);
    }

    @Test
    void risesLinearlyStaysAndFallsExponentially() {
        LearningRateSchedule schedule = schedule(Decay.EXPONENTIAL, 1.0 / 16);
        assertThat(schedule.learningRateFactor(1)).isEqualTo(0.01);
        assertThat(schedule.learningRateFactor(50)).isEqualTo(0.5);
        assertThat(schedule.learningRateFactor(100)).isEqualTo(1.0);
        assertThat(schedule.learningRateFactor(800)).isEqualTo(1.0);
        assertThat(schedule.learningRateFactor(850)).isCloseTo(0.5, within(1e-15));
        assertThat(schedule.learningRateFactor(900)).isCloseTo(0.25, within(1e-15));
        assertThat(schedule.learningRateFactor(1000)).isEqualTo(1.0 / 16);
        assertThat(schedule.learningRateFactor(5000)).isEqualTo(1.0 / 16);
    }

    @Test
    void fallsLinearly() {
        LearningRateSchedule schedule = schedule(Decay.LINEAR, 0.1);
        assertThat(schedule.learningRateFactor(900)).isCloseTo(0.55, within(1e-15));
        assertThat(schedule.learningRateFactor(1000)).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void powerLawActsOnRateAndDecayAlikeUntilTheFinalDecay() {
        LearningRateSchedule schedule =
                new LearningRateSchedule(10, 10_000, Stable.POWER, 16, Decay.EXPONENTIAL, 9_744, 0.5);
        assertThat(schedule.weightDecayFactor(16)).isEqualTo(1.0);
        assertThat(schedule.learningRateFactor(256)).isEqualTo(0.5);
        assertThat(schedule.weightDecayFactor(256)).isEqualTo(0.5);
        // From token 256 on the final decay: the weight decay stays, the rate halves.
        assertThat(schedule.weightDecayFactor(10_000)).isEqualTo(0.5);
        assertThat(schedule.learningRateFactor(10_000)).isEqualTo(0.25);
    }

    @Test
    void fallsByHalfACosine() {
        LearningRateSchedule schedule = schedule(Decay.COSINE, 0.2);
        assertThat(schedule.learningRateFactor(800)).isEqualTo(1.0);
        assertThat(schedule.learningRateFactor(850)).isCloseTo(0.2 + 0.8 * (0.5 + Math.sqrt(0.125)), within(1e-15));
        assertThat(schedule.learningRateFactor(900)).isCloseTo(0.6, within(1e-15));
        assertThat(schedule.learningRateFactor(1000)).isCloseTo(0.2, within(1e-15));
    }

    /** Both power laws lower the noise alike, and only the effective one leaves the norms where they are. */
    @Test
    void thePowerLawsHaveTheSameEffectiveLearningRate() {
        LearningRateSchedule both =
                new LearningRateSchedule(10, 10_000, Stable.POWER, 16, Decay.EXPONENTIAL, 1_000, 0.5);
        LearningRateSchedule rate =
                new LearningRateSchedule(10, 10_000, Stable.SQRT, 16, Decay.EXPONENTIAL, 1_000, 0.5);
        EffectiveRates full = EffectiveRates.of(4e-3, 0.1);
        for (long tokens : new long[] {16, 17, 256, 5_000, 9_000}) {
            EffectiveRates underBoth =
                    EffectiveRates.of(4e-3 * both.learningRateFactor(tokens), 0.1 * both.weightDecayFactor(tokens));
            EffectiveRates underRate =
                    EffectiveRates.of(4e-3 * rate.learningRateFactor(tokens), 0.1 * rate.weightDecayFactor(tokens));
            assertThat(underBoth.elr()).isCloseTo(underRate.elr(), within(1e-15));
            assertThat(underBoth.ewd()).isCloseTo(full.ewd(), within(1e-12));
            assertThat(underBoth.elr()).isCloseTo(full.elr() * Math.pow(16.0 / tokens, 0.25), within(1e-15));
        }
        assertThat(rate.weightDecayFactor(9_999)).isEqualTo(1.0);
    }

    @Test
    void effectiveRatesAreTheOthersCoordinates() {
        EffectiveRates rates = new EffectiveRates(0.02, 5);
        assertThat(rates.learningRate()).isEqualTo(0.004);
        assertThat(rates.weightDecay()).isEqualTo(0.1);
        EffectiveRates back = EffectiveRates.of(rates.learningRate(), rates.weightDecay());
        assertThat(back.elr()).isCloseTo(0.02, within(1e-17));
        assertThat(back.ewd()).isCloseTo(5, within(1e-14));
        assertThatThrownBy(() -> new EffectiveRates(0, 1)).hasMessage("elr = 0.0: must be > 0");
    }

    @Test
    void noWarmupAndNoDecayIsConstant() {
        LearningRateSchedule schedule = new LearningRateSchedule(0, 10, Stable.CONSTANT, 0, Decay.LINEAR, 0, 0.5);
        assertThat(schedule.learningRateFactor(1)).isEqualTo(1.0);
        assertThat(schedule.learningRateFactor(10)).isEqualTo(1.0);
    }

    @Test
    void namesTheKeyThatBreaksItsRule() {
        assertThatThrownBy(() -> new LearningRateSchedule(900, 1000, Stable.CONSTANT, 0, Decay.LINEAR, 200, 0.1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("decay-tokens = 200: must fit between the end of the warmup (900) and the end of the run"
                        + " (1000 tokens)");
        assertThatThrownBy(() -> schedule(Decay.LINEAR, 0))
                .hasMessage("floor-ratio = 0.0: must be above 0 and at most 1");
        assertThatThrownBy(() -> new LearningRateSchedule(1001, 1000, Stable.CONSTANT, 0, Decay.LINEAR, 0, 1))
                .hasMessageStartingWith("warmup-tokens = 1001");
        assertThatThrownBy(() -> new LearningRateSchedule(1, 1000, Stable.POWER, 0, Decay.LINEAR, 0, 1))
                .hasMessage("power-start-tokens = 0: must be > 0 tokens");
    }
}
