package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a sequence token by token with caches gives the scores of reading it at once. */
class DecodeTest {
    private static final int LENGTH = 19;
    private static final int VOCAB = 64;

    @ParameterizedTest
    @CsvSource({"REFERENCE, false, 1e-5", "REFERENCE, true, 1e-5", "CPU, false, 2e-5", "CPU, true, 2e-5"})
    void tokenByTokenEqualsAllAtOnce(Backend backend, boolean rmsNorm, double tolerance) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.config(rmsNorm);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            int[] ids = HashSeededModel.tokens(LENGTH, VOCAB);
            Tensor expected = model.logits(TokenBatch.ofWholeRows(1, LENGTH, ids));
            DecodeState state = model.newDecodeState(LENGTH);
            for (int pass = 0; pass < 2; pass++) {
                for (int t = 0; t < LENGTH; t++) {
                    float[] scores = model.decode(state, ids[t]);
                    for (int i = 0; i < VOCAB; i++) {
                        assertThat((double) scores[i]).isCloseTo(expected.get(t, i), within(tolerance));
                    }
                }
                state.reset();
            }
        }
    }

    @Test
    void aFullStateAndAStrangeTokenAreRefused() {
        try (Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.defaultDType(), 1)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            DecodeState state = model.newDecodeState(1);
            assertThatThrownBy(() -> model.decode(state, VOCAB))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("token id 64: the model's vocabulary has ids 0 to 63");
            model.decode(state, 1);
            assertThatThrownBy(() -> model.decode(state, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("full: 1 tokens");
        }
    }
}
