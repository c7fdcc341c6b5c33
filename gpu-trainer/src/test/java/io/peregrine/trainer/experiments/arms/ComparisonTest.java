package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static ArmResult result(String arm, long seed, double code, double web) {
        List<SequenceLoss> losses = List.of(
                new SequenceLoss("code", 0, code * 10, 10),
                new SequenceLoss("code", 1, code * 20, 20),
                new SequenceLoss("web", 0, web * 10, 10),
                new SequenceLoss("web", 1, web * 10, 10));
        TrainedArm trained = new TrainedArm(7, 6e6, 3, 100, 1, 50, List.of(), losses, List.of());
        return new ArmResult(arm, seed, "f", Map.of("what", arm), Map.of(), Optional.of(trained), Optional.empty());
    }

    private static ArmResult diverged(String arm, long seed) {
        return new ArmResult(arm, seed, "f", Map.of("what", arm), Map.of(), Optional.empty(), Optional.of("it did"));
    }

    @Test
    void differencesArePairedBySequenceAndBySeed() {
        Comparison comparison = Comparison.of(List.of(
                result("base", 1, 2, 3),
                result("base", 2, 2.2, 3.2),
                result("other", 1, 1.9, 3),
                result("other", 2, 2.1, 3.2)));
        Comparison.Outcome base = comparison.arms().get(0).outcome().orElseThrow();
        assertThat(base.streams().get("code").mean()).isCloseTo(2.1, within(1e-12));
        assertThat(base.difference()).isEmpty();
        Comparison.Outcome other = comparison.arms().get(1).outcome().orElseThrow();
        assertThat(other.streamDifferences().get("code").mean()).isCloseTo(-0.1, within(1e-12));
        assertThat(other.streamDifferences().get("web").mean()).isCloseTo(0, within(1e-12));
        assertThat(other.streamDifferences().get("code").count())
                .as("over seeds")
                .isEqualTo(2);
        assertThat(other.difference().orElseThrow().mean()).isCloseTo(-0.06, within(1e-12));
        assertThat(other.seedDifference().orElseThrow().high()
                        - other.seedDifference().orElseThrow().low())
                .isCloseTo(0, within(1e-9));
    }

    @Test
    void anArmOfWhichASeedDivergedIsNotCompared() {
        Comparison comparison = Comparison.of(
                List.of(result("base", 1, 2, 3), result("base", 2, 2, 3), result("mad", 1, 1, 1), diverged("mad", 2)));
        assertThat(comparison.arms().get(1).outcome()).isEmpty();
        assertThat(ComparisonText.of(comparison))
                .contains("| base | 7 | 6.00 | 2.4000")
                .contains("| mad | | | diverged in 1 of 2 seeds | | | |");
        Comparison nothing = Comparison.of(List.of(diverged("base", 1), result("other", 1, 1, 1)));
        assertThat(nothing.arms().get(1).outcome().orElseThrow().difference()).isEmpty();
    }

    @Test
    void aLossThatIsNoNumberIsADivergence() {
        TrainedArm broken = new TrainedArm(
                7, 6e6, 3, 100, 1, 50, List.of(), List.of(new SequenceLoss("web", 4, Double.NaN, 10)), List.of());
        assertThat(broken.notFinite())
                .contains("held-out sequence 4 of web has the loss NaN: the trained model is broken");
    }

    /** Losses at three rates and two widths, lowest in the middle for one and at the end for the other. */
    @Test
    void theBestRateOfEveryWidthIsNamed() {
        List<ArmResult> results = new ArrayList<>();
        double[][] losses = {{3, 2, 2.5}, {3, 2, 1}};
        for (int width = 0; width < 2; width++) {
            for (int rate = 0; rate < 3; rate++) {
                ArmResult plain = result("d%d--lr%d".formatted(width, rate), 1, losses[width][rate], 2);
                results.add(new ArmResult(
                        plain.arm(),
                        1,
                        "f",
                        Map.of("width", "d" + width, "rate", "lr" + rate),
                        Map.of("width", (double) width, "rate", (double) rate),
                        plain.trained(),
                        Optional.empty()));
            }
        }
        Comparison comparison = Comparison.of(results);
        assertThat(BestChoices.of(comparison))
                .extracting(BestChoices::axis, BestChoices::others, BestChoices::best, BestChoices::atTheEdge)
                .containsExactly(tuple("rate", "d0", "lr1", false), tuple("rate", "d1", "lr2", true));
        assertThat(ComparisonText.of(comparison))
                .contains("| rate | d0 | lr1 | 2.0000 |", "| rate | d1 | lr2, the edge |");
    }
}
