package io.peregrine.mixture.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgeBinsTest {
    @Test
    void edgesAreEvenlySpacedOnALogarithmicAxis() {
        assertThat(AgeBins.logSpaced(4, 1, 10_000, 1).edges()).containsExactly(1L, 10L, 100L, 1000L, 10_000L);
        assertThat(AgeBins.logSpaced(1, 8, 100, 8).edges()).containsExactly(8L, 100L);
    }

    @Test
    void noBinIsNarrowerThanAsked() {
        AgeBins bins = AgeBins.logSpaced(6, 8, 800, 32);
        assertThat(bins.edges()).startsWith(8L, 40L, 73L).endsWith(800L);
        for (int bin = 0; bin < bins.count(); bin++) {
            assertThat(bins.to(bin) - bins.from(bin)).isGreaterThanOrEqualTo(32);
        }
        assertThat(AgeBins.logSpaced(12, 8, 100, 32).edges()).containsExactly(8L, 40L, 100L);
    }

    @Test
    void whatIsNotCoveredIsSaid() {
        assertThatThrownBy(() -> AgeBins.logSpaced(12, 8, 30, 32))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "--bins = 12: ages from 8 to 30 sequences are all that the checkpoints cover, and a bin needs"
                                + " 32; train for longer or keep earlier checkpoints (train.checkpoints.keep-log-spaced)");
        assertThatThrownBy(() -> AgeBins.logSpaced(0, 8, 800, 32)).hasMessage("--bins = 0: must be 1..200 bins");
        assertThatThrownBy(() -> new AgeBins(List.of(5L, 5L)))
                .hasMessage("--bins = [5, 5]: edges must rise, from at least one sequence on");
    }
}
