package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.window.WindowPrediction.Law;
import io.peregrine.mixture.window.WindowPrediction.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowPredictionTest {
    /** FalconMamba-7B, whose window was put at 100 to 500 GT. */
    @Test
    void theTimescaleOfAWeightedAverage() {
        assertThat(new WindowPrediction(2048.0 * 8192, 6.4e-4 * 0.1).tokens()).isCloseTo(262.144e9, within(1e3));
    }

    @Test
    void aLawThroughRuns() {
        List<Run> runs = List.of(new Run(1e6, 3e6), new Run(4e6, 12e6), new Run(16e6, 48e6));
        Law law = WindowPrediction.law(runs).orElseThrow();
        assertThat(law.slope()).isCloseTo(1, within(1e-12));
        assertThat(law.factor()).isCloseTo(3, within(1e-12));
        assertThat(WindowPrediction.law(List.of(new Run(1, 2)))).isEmpty();
        assertThat(WindowPrediction.law(List.of(new Run(5, 2), new Run(5, 3)))).isEmpty();
    }

    @Test
    void withoutDecayNothingIsPredicted() {
        assertThatThrownBy(() -> new WindowPrediction(1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("learning-rate * weight-decay = 0.0: must be > 0 for a prediction of the window");
    }
}
