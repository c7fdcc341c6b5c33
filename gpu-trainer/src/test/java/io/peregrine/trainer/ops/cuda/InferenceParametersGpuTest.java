package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that keeps of its matrices only what products read. */
@Tag("gpu")
class InferenceParametersGpuTest {
    private static final int VOCAB = 320;

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void itsResultsAreThoseOfTheExactValues(DType dtype) {
        FalconH1Config config = HashSeededModel.config(VOCAB, 128, 256, 2, 4, 2, 64, 4, 64, 1, 128, 128, true);
        try (CudaOps ops = new CudaOps(new CudaDevice(0), dtype)) {
            Parameters exact = HashSeededModel.parameters(config, ops);
            Parameters read = Parameters.forInference(config, ops);
            exact.forEach(it -> read.get(it.name()).value().copyFrom(it.value().onHost()));
            FalconH1Model one = new FalconH1Model(config, exact, ops);
            FalconH1Model other = new FalconH1Model(config, read, ops);
            int[] ids = HashSeededModel.tokens(300, VOCAB);
            TokenBatch batch = TokenBatch.ofWholeRows(2, 150, ids);
            assertThat(other.loss(batch)).isEqualTo(one.loss(batch));
            assertThat(generated(other, ids)).isEqualTo(generated(one, ids));
            if (dtype == DType.BF16) {
                assertThat(read.get("model.layers.0.self_attn.o_proj.weight")
                                .value()
                                .dtype())
                        .isEqualTo(DType.BF16);
                assertThatThrownBy(() -> ops.optim()
                                .sumOfSquares(read.get("model.layers.0.self_attn.o_proj.weight")
                                        .value()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("must be F32");
            }
        }
    }

    /** Scores after a prompt and eight tokens, the last of which are done as recorded. */
    private static float[] generated(FalconH1Model model, int[] ids) {
        DecodeState state = model.newDecodeState(64);
        model.prefill(state, Arrays.copyOf(ids, 40));
        float[] scores = {};
        for (int i = 40; i < 48; i++) {
            scores = model.decode(state, ids[i]);
        }
        return scores;
    }
}
