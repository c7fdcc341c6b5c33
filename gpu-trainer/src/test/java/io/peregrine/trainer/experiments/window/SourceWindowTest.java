package io.peregrine.trainer.experiments.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.window.Certificate;
import io.peregrine.mixture.window.ExponentialKernel;
import io.peregrine.mixture.window.RetentionSample;
import io.peregrine.mixture.window.RetentionSample.Drop;
import io.peregrine.mixture.window.RetentionSample.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceWindowTest {
    private static final SeedStream SEED = SeedStream.of(2);

    private static SourceWindow of(PairedLosses losses) {
        return SourceWindow.of("web", 9, losses, 8, List.of(new ExponentialKernel()), 0.005, SEED);
    }

    @Test
    void withoutControlsThereIsNoWindow() {
        SourceWindow window = of(new PairedLosses(
                new RetentionSample(List.of(), List.of()), new RetentionSample(List.of(), List.of()), 1, 7));
        assertThat(window.cap()).isEmpty();
        assertThat(window.curve().empty()).hasSize(8);
        assertThat(window.reason())
                .isEqualTo("1 sequences of it were never trained on, and two at least must be: hold out more"
                        + " (train.validation.sequences), or measure earlier checkpoints");
    }

    /** A gap of 0.06 exp(-a / 1000), with noise that is small or large. */
    private static PairedLosses drawn(double noise) {
        return new PairedLosses(drawn(noise, 0.06), drawn(0.1, 0), 40, 0);
    }

    private static RetentionSample drawn(double noise, double amplitude) {
        SeedStream draws = SEED.child("drawn");
        List<Drop> drops = new ArrayList<>();
        for (int bin = 0; bin < 8; bin++) {
            double age = 100 * Math.pow(2, bin);
            for (int step = 0; step < 20; step++) {
                double gap = amplitude * Math.exp(-age / 1000) + noise * draws.nextGaussian();
                drops.add(new Drop(bin, 100 * bin + step, age, 0, 0, 0.5 + gap));
            }
        }
        List<List<Double>> controls = IntStream.range(0, 40)
                .mapToObj(i -> List.of(0.5 + noise * draws.nextGaussian()))
                .toList();
        return new RetentionSample(drops, List.of(new Pool(controls)));
    }

    @Test
    void aCertificateCapsAtTheFirstAgeThatPasses() {
        SourceWindow window = of(drawn(0.001));
        // The gap is 0.0024 at 3,200 tokens and 0.012 at 1,600; the fit crosses eps at 1000 ln 12 = 2,485.
        assertThat(window.cap()).contains(3200.0);
        assertThat(window.reason()).isEqualTo("certified: from this age on the gap's upper bound is at most eps");
    }

    @Test
    void noiseIsNotCertified() {
        SourceWindow window = of(drawn(0.2));
        assertThat(window.cap()).isEmpty();
        assertThat(window.reason())
                .startsWith("not certified: at the oldest age measured, 1.280e+04 tokens, the gap may be 0.");
    }

    /** Sequences that were easier before anybody had seen them would look remembered, or forgotten, without being so. */
    @Test
    void whatWasNotAlikeBeforeIsNotCompared() {
        SourceWindow window = of(new PairedLosses(drawn(0.001, 0.06), drawn(0.01, 0.5), 40, 0));
        assertThat(window.certificate()).isInstanceOf(Certificate.Certified.class);
        assertThat(window.cap()).isEmpty();
        assertThat(window.reason())
                .startsWith("not comparable: before any was seen, the sequences of bin ")
                .endsWith("so the order of the stream is not random; shuffle it whole (mixture.window-sequences)");
    }

    /** In packed order controls lie near what was learned last, and gain more from it than what was seen long ago. */
    @Test
    void whatIsBelowWhatWasNeverSeenIsNotForgotten() {
        SourceWindow window = of(new PairedLosses(drawn(0.001, -0.06), drawn(0.1, 0), 40, 0));
        assertThat(window.certificate()).isInstanceOf(Certificate.Certified.class);
        assertThat(window.cap()).isEmpty();
        assertThat(window.reason())
                .startsWith("not comparable: since they were seen, the sequences of bin 0 gained 0.05")
                .endsWith("shuffle the stream whole (mixture.window-sequences)");
    }
}
