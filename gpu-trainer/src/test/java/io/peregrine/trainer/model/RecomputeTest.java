package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activations that are made again are those that were not kept: the same loss and gradients, bit for bit. */
class RecomputeTest {
    private static final int VOCAB = 64;

    @ParameterizedTest
    @EnumSource(names = {"REFERENCE", "CPU"})
    void whatIsMadeAgainChangesNothing(Backend backend) {
        inAnyOrder(backend);
    }

    /** Also at shapes that the fast kernels take, in the device's own bf16. */
    @Test
    @Tag("gpu")
    void norOnADevice() {
        inAnyOrder(Backend.CUDA);
        int[] segments = new int[2 * 300];
        Arrays.fill(segments, 129, 600, 1);
        TokenBatch packed = new TokenBatch(2, 300, HashSeededModel.tokens(600, VOCAB), segments);
        TokenBatch brief = TokenBatch.ofWholeRows(1, 65, HashSeededModel.tokens(65, VOCAB));
        for (int headDim : new int[] {64, 128}) {
            FalconH1Config real =
                    HashSeededModel.config(VOCAB, 64, 96, 3, 6, 2, headDim, 4, 64, 1, 2 * headDim, 128, true);
            same(Backend.CUDA, real, packed, brief);
        }
    }

    private static void inAnyOrder(Backend backend) {
        int[] segments = new int[2 * 21];
        for (int boundary : new int[] {3, 8, 9, 17}) {
            for (int t = boundary; t < 21; t++) {
                segments[t]++;
            }
        }
        TokenBatch packed = new TokenBatch(2, 21, HashSeededModel.tokens(42, VOCAB), segments);
        TokenBatch brief = TokenBatch.ofWholeRows(1, 5, HashSeededModel.tokens(5, VOCAB));
        for (BlockOrder order : BlockOrder.values()) {
            same(backend, HashSeededModel.ordered(shape(false), order), packed, brief);
        }
        same(backend, shape(true), packed, brief);
    }

    private static FalconH1Config shape(boolean rmsNorm) {
        return HashSeededModel.config(VOCAB, 24, 40, 3, 4, 2, 8, 6, 8, 2, 16, 8, rmsNorm);
    }

    private static void same(Backend backend, FalconH1Config config, TokenBatch packed, TokenBatch brief) {
        List<float[]> kept = results(backend, config, Recompute.NONE, packed, brief);
        for (Recompute recompute : Recompute.values()) {
            List<float[]> again = results(backend, config, recompute, packed, brief);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(again.get(i))
                        .as("%s, %s, result %d", config.order(), recompute, i)
                        .isEqualTo(kept.get(i));
            }
        }
    }

    /** Three layers; two steps of different sizes with a look at another batch between, so that buffers are used again. */
    private static List<float[]> results(
            Backend backend, FalconH1Config config, Recompute recompute, TokenBatch first, TokenBatch second) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            FalconH1Model model = new FalconH1Model(
                    config, HashSeededModel.parameters(config, ops), ops, DocumentBoundaries.ALL, recompute);
            List<float[]> all = new ArrayList<>();
            for (TokenBatch batch : List.of(first, second, first)) {
                all.add(new float[] {(float) model.lossAndGradients(batch, 0.1).nats()});
                all.add(new float[] {(float) model.loss(second).nats()});
            }
            model.parameters().forEach(parameter -> all.add(parameter.gradient().toFloats()));
            return all;
        }
    }
}
