package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SpikeDetectorTest {
    private static final SpikeConfig CONFIG = new SpikeConfig(SpikeAction.REPORT, 8, 5, 2, 0, 3);

    /** Median 4.5, median absolute deviation 2: a robust standard deviation of 2.9652. */
    private static final List<Double> WINDOW = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);

    private long step;

    private List<Spike> spikes(SpikeDetector detector, List<Double> losses) {
        List<Spike> spikes = new ArrayList<>();
        for (double loss : losses) {
            step++;
            detector.step(step, 100 * step, 8 * step, loss).ifPresent(spikes::add);
        }
        return spikes;
    }

    @Test
    void severalInARowFarAboveTheMedianAreOne() {
        SpikeDetector detector = new SpikeDetector(CONFIG);
        assertThat(spikes(detector, WINDOW)).isEmpty();
        // 4.5 + 5 * 2.9652 = 19.326 is as high as is still allowed; then the window is 2..8, 20: median 5.5, deviation
        // 2.
        assertThat(spikes(detector, List.of(20.0))).as("patience is 2").isEmpty();
        Spike spike = spikes(detector, List.of(21.0)).get(0);
        assertThat(spike.step()).isEqualTo(10);
        assertThat(spike.firstStep()).isEqualTo(9);
        assertThat(spike.tokensBefore()).isEqualTo(800);
        assertThat(spike.position()).isEqualTo(80);
        assertThat(spike.median()).isEqualTo(5.5);
        assertThat(spike.deviations()).isCloseTo((21 - 5.5) / (1.4826 * 2), within(1e-12));
        assertThat(spikes(detector, List.of(40.0))).as("it has been told").isEmpty();
    }

    @Test
    void oneAloneOrNotHighEnoughIsNone() {
        SpikeDetector detector = new SpikeDetector(CONFIG);
        assertThat(spikes(detector, WINDOW)).isEmpty();
        assertThat(spikes(detector, List.of(19.3, 20.0, 5.0, 30.0, 5.0))).isEmpty();
    }

    @Test
    void lossesThatFallOrDriftAreNone() {
        SeedStream noise = SeedStream.of(1);
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            losses.add(2 + 8 * Math.exp(-i / 100.0) + 0.05 * noise.nextGaussian() + i * 1e-4);
        }
        SpikeConfig config = new SpikeConfig(SpikeAction.REPORT, 128, 6, 3, 0, 3);
        assertThat(spikes(new SpikeDetector(config), losses)).isEmpty();
    }

    @Test
    void nothingIsHighBeforeTheWindowIsFull() {
        assertThat(spikes(new SpikeDetector(CONFIG), List.of(1.0, 1.1, 1.0, 90.0, 90.0, 90.0, 1.0)))
                .isEmpty();
    }

    @Test
    void aDetectorBehindTheLogDecidesAsOneThatNeverStopped() throws Exception {
        var folder = java.nio.file.Files.createTempDirectory("spikes");
        SpikeDetector straight = new SpikeDetector(CONFIG);
        List<Double> losses = new ArrayList<>(WINDOW);
        losses.add(25.0);
        assertThat(spikes(straight, losses)).isEmpty();
        var file = folder.resolve(MetricsLog.FILE_NAME);
        try (MetricsLog log = MetricsLog.after(file, 0)) {
            for (int i = 0; i < losses.size(); i++) {
                log.add(
                        "step",
                        new StepReport(
                                i + 1, 100L * (i + 1), 8, losses.get(i), 0, 0, 0, 0, 0, 0, 0, null, null, null, null));
            }
        }
        SpikeDetector resumed = SpikeDetector.behind(MetricsLog.read(file), CONFIG);
        Optional<Spike> spike = resumed.step(10, 1000, 80, 22);
        assertThat(spike).isPresent().isEqualTo(straight.step(10, 1000, 80, 22));
        assertThat(spike.orElseThrow().tokensBefore()).isEqualTo(800);
    }

    @Test
    void whatIsNotFiniteIsOneAtOnce() {
        SpikeDetector detector = new SpikeDetector(CONFIG);
        spikes(detector, WINDOW.subList(0, 3));
        Spike spike = detector.notFinite(4, 32, Double.NaN);
        assertThat(spike.firstStep()).isEqualTo(4);
        assertThat(spike.tokensBefore()).isEqualTo(300);
        assertThat(spike.said()).isEqualTo("step 4: loss or gradient is not finite");
    }
}
