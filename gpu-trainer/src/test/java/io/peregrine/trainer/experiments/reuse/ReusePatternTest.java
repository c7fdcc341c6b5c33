package io.peregrine.trainer.experiments.reuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReusePatternTest {
    private static final int LENGTH = 1000;
    private static final ReusePattern PATTERN = new ReusePattern(LENGTH, 0.25);

    private static List<SequenceRef> rows(int stream, int count) {
        List<SequenceRef> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            rows.add(new SequenceRef(stream, 0, row));
        }
        return rows;
    }

    private static Map<SequenceRef, Integer> counts(List<SequenceRef> sequences) {
        Map<SequenceRef, Integer> counts = new HashMap<>();
        sequences.forEach(sequence -> counts.merge(sequence, 1, Integer::sum));
        return counts;
    }

    @Test
    void gapsDifferAndNothingElse() {
        List<SequenceRef> slice = rows(0, 50);
        List<SequenceRef> others = rows(1, LENGTH);
        List<SequenceRef> near = PATTERN.sequences(0.1, slice, slice, others);
        for (double gap : new double[] {0.02, 0.1, 0.3, 0.75}) {
            List<SequenceRef> sequences = PATTERN.sequences(gap, slice, slice, others);
            assertThat(sequences).hasSize(LENGTH);
            assertThat(ReusePattern.meanGap(sequences, slice)).isCloseTo(gap * LENGTH, within(2.0));
            assertThat(counts(sequences)).isEqualTo(counts(near));
            assertThat(sequences.lastIndexOf(slice.get(20))).isCloseTo(near.lastIndexOf(slice.get(20)), within(2));
            assertThat(sequences.indexOf(slice.get(0))).isGreaterThanOrEqualTo((int) ((0.75 - gap) * LENGTH));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> PATTERN.require(0.8, 10))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--gaps = 0.8: must be a share of the training above 0, and at most 1 - --window (0.75)");
        assertThatThrownBy(() -> PATTERN.require(0.1, 126))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "--sequences = 126: must be at least 1 and at most half of the window, 250 of the 1000 sequences"
                                + " that are left to train on");
        assertThatThrownBy(() -> new ReusePattern(10, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--window = 1.0: must be a share of the training between 0 and 1");
    }
}
