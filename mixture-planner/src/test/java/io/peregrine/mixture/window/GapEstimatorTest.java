package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.window.RetentionSample.Drop;
import io.peregrine.mixture.window.RetentionSample.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GapEstimatorTest {
    private static final GapEstimator ESTIMATOR = new GapEstimator(GapEstimator.REPLICATES, SeedStream.of(4));

    @Test
    void differencesInDifferencesByHand() {
        // Controls: mean drops 0.2 and 0.5 from the two baselines, 1.0 in the other pool.
        List<Pool> pools = List.of(
                new Pool(List.of(List.of(0.1, 0.4), List.of(0.3, 0.6))), new Pool(List.of(List.of(0.9), List.of(1.1))));
        List<Drop> exposed = List.of(
                new Drop(0, 7, 10, 0, 0, 0.5),
                new Drop(0, 8, 20, 0, 1, 0.6),
                new Drop(0, 8, 30, 1, 0, 1.3),
                new Drop(1, 3, 90, 0, 0, 0.4),
                new Drop(1, 3, 90, 0, 0, 0.4));
        GapCurve curve = ESTIMATOR.estimate(new RetentionSample(exposed, pools), 3);
        GapCurve.Point point = curve.points().get(0);
        assertThat(point.gap()).isCloseTo((0.3 + 0.1 + 0.3) / 3, within(1e-12));
        assertThat(point.ageTokens()).isEqualTo(20);
        assertThat(point.sequences()).isEqualTo(3);
        assertThat(point.steps()).isEqualTo(2);
        assertThat(curve.points()).hasSize(1);
        assertThat(curve.empty())
                .containsExactly(
                        new GapCurve.Empty(1, "2 sequences, all of one step: an interval needs two steps"),
                        new GapCurve.Empty(2, "no sequence of this age that was seen once and has controls"));
    }

    @Test
    void samplesOfSeveralStreamsKeepTheirOwnControls() {
        Pool low = new Pool(List.of(List.of(0.0), List.of(0.0)));
        Pool high = new Pool(List.of(List.of(1.0), List.of(1.0)));
        RetentionSample web = new RetentionSample(List.of(new Drop(0, 1, 5, 0, 0, 0.1)), List.of(low));
        RetentionSample code = new RetentionSample(List.of(new Drop(0, 2, 5, 0, 0, 1.3)), List.of(high));
        GapCurve curve = ESTIMATOR.estimate(RetentionSample.union(List.of(web, code)), 1);
        assertThat(curve.points().get(0).gap()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void whatIsNotANumberIsRefused() {
        assertThatThrownBy(() -> new Drop(0, 1, 5, 0, 0, Double.NaN)).hasMessage("a drop of NaN nats: must be finite");
        assertThatThrownBy(() -> new Pool(List.of(List.of(1.0)))).hasMessage("1 controls: must be at least 2");
    }

    /** Sequences of a step share half of their noise, and all bins share their controls. */
    private static RetentionSample drawn(SeedStream draws, double gap) {
        double general = draws.nextGaussian();
        List<Drop> exposed = new ArrayList<>();
        for (int bin = 0; bin < 2; bin++) {
            for (int step = 0; step < 30; step++) {
                double ofStep = 0.05 * draws.nextGaussian();
                for (int i = 0; i < 4; i++) {
                    double drop = general + gap + ofStep + 0.05 * draws.nextGaussian();
                    exposed.add(new Drop(bin, 100 * bin + step, 10.0 * (bin + 1), 0, 0, drop));
                }
            }
        }
        List<List<Double>> controls = IntStream.range(0, 60)
                .mapToObj(i -> List.of(general + 0.08 * draws.nextGaussian()))
                .toList();
        return new RetentionSample(exposed, List.of(new Pool(controls)));
    }

    @Test
    void theIntervalsCoverTheTruth() {
        SeedStream draws = SeedStream.of(21);
        GapEstimator quick = new GapEstimator(300, SeedStream.of(5));
        int trials = 600;
        int covered = 0;
        double shared = 0;
        for (int trial = 0; trial < trials; trial++) {
            GapCurve curve = quick.estimate(drawn(draws, 0.03), 2);
            for (GapCurve.Point point : curve.points()) {
                covered += point.lower() <= 0.03 && 0.03 <= point.upper() ? 1 : 0;
            }
            shared += curve.covariance().get(0).get(1) / trials;
        }
        assertThat(covered / (2.0 * trials)).isBetween(0.93, 0.97);
        // The controls' variance, 0.08^2 / 60, is in both bins.
        assertThat(shared).isCloseTo(0.0064 / 60, within(2e-5));
    }
}
