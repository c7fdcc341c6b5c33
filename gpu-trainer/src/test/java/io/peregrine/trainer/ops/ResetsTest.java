package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResetsTest {
    private static final Segments DOCUMENTS = Segments.of(2, 3, new int[] {0, 0, 1, 4, 5, 5});

    @Test
    void exactOnesClearAndHaveNoBias() {
        Resets resets = Resets.exact(DOCUMENTS);
        assertThat(resets.clears(0, 2)).isTrue();
        assertThat(resets.clears(1, 2)).isFalse();
        assertThat(resets.bias(0, 2)).isZero();
    }

    @Test
    void biasedOnesClearNothingWithinASequence() {
        Resets resets = Resets.byBias(DOCUMENTS);
        assertThat(resets.clears(1, 0)).isTrue();
        assertThat(resets.clears(0, 2)).isFalse();
        assertThat(resets.bias(0, 2)).isEqualTo(-80);
        assertThat(resets.bias(1, 1)).isEqualTo(-80);
        assertThat(resets.bias(1, 2)).isZero();
    }

    @Test
    void bothAreOfOneSize() {
        assertThatThrownBy(() -> new Resets(DOCUMENTS, Optional.of(Segments.whole(3, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resets: biased is 3 x 2 tokens, must be 2 x 3 as segments are");
    }

    /** Inside a chunk of eight, at its edge, in the next one, and chunks later. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 40})
    void theBiasLeavesWhatThePaperSays(int start) {
        ScanOps.Dims dims = new ScanOps.Dims(2, 4, 1, 8, 8);
        try (Ops reference = new ReferenceOps(DType.F64);
                Ops cpu = new CpuOps(2)) {
            ForgottenState.agree(reference, dims, start, 1e-12);
            ForgottenState.agree(cpu, dims, start, 2e-5);
        }
    }
}
