package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutMeansTest {
    private static List<SequenceLoss> losses(double... nats) {
        List<SequenceLoss> losses = new ArrayList<>();
        for (int row = 0; row < nats.length; row++) {
            losses.add(new SequenceLoss("web", row, nats[row], 10));
        }
        return losses;
    }

    @Test
    void aMeanIsPerPredictionAndItsIntervalStudents() {
        Interval interval = HeldOutMeans.overSequences(losses(10, 20, 30));
        assertThat(interval.mean()).isEqualTo(2.0);
        // Standard deviation 1 nat per prediction of 3 sequences, quantile of 2 degrees 4.302653.
        assertThat(interval.high() - 2).isCloseTo(4.302653 / Math.sqrt(3), within(1e-5));
        assertThat(interval.count()).isEqualTo(3);
        assertThat(HeldOutMeans.overSequences(losses(10)).isBounded()).isFalse();
        assertThat(HeldOutMeans.overSequences(losses(10))).hasToString("1.0000");
    }

    @Test
    void whatIsHardForBothDropsOut() {
        Interval difference = HeldOutMeans.difference(losses(12, 22, 32), losses(10, 20, 30));
        assertThat(difference).isEqualTo(new Interval(0.2, 0.2, 0.2, 3));
        assertThat(difference.excludesZero()).isTrue();
        List<SequenceLoss> others = List.of(new SequenceLoss("code", 0, 1, 10));
        assertThatThrownBy(() -> HeldOutMeans.difference(losses(1), others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("web/0 against code/0: losses on other sequences");
    }

    @Test
    void oneSeedHasNoInterval() {
        assertThat(HeldOutMeans.overSeeds(List.of(1.0)).isBounded()).isFalse();
        // Quantile of one degree 12.7062, standard error 0.5.
        assertThat(HeldOutMeans.overSeeds(List.of(1.0, 2.0)).high()).isCloseTo(1.5 + 12.7062 * 0.5, within(1e-3));
    }

    /** Of many samples of sequences of unlike length, about 95 % have the true difference in their interval. */
    @Test
    void intervalsCoverWhatTheySay() {
        SeedStream draws = SeedStream.of(7);
        int covered = 0;
        int samples = 2000;
        for (int sample = 0; sample < samples; sample++) {
            List<SequenceLoss> one = new ArrayList<>();
            List<SequenceLoss> other = new ArrayList<>();
            for (int row = 0; row < 30; row++) {
                int predictions = 50 + draws.nextInt(450);
                double hard = 3 + draws.nextGaussian();
                one.add(new SequenceLoss(
                        "web", row, predictions * (hard + 0.1 + 0.2 * draws.nextGaussian()), predictions));
                other.add(new SequenceLoss("web", row, predictions * hard, predictions));
            }
            Interval difference = HeldOutMeans.difference(one, other);
            covered += difference.low() <= 0.1 && 0.1 <= difference.high() ? 1 : 0;
        }
        assertThat(covered / (double) samples).isBetween(0.925, 0.97);
    }
}
