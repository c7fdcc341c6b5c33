package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.BlockOrder;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The device's operations, through the whole model, against their definition; and against themselves. */
@Tag("gpu")
class CudaAgainstReferenceTest {
    private static final int CHUNK = 8;
    private static final int VOCAB = 64;

    /** As for the CPU's operations, and what the device's exp and sigmoid add. */
    private static final double FLOAT_TOLERANCE = 5e-5;

    /**
     * Activations are rounded by 2^-9 = 0.002 at most. A gradient has passed some hundred roundings, which add up like a
     * random walk to 0.002 * sqrt(100) = 0.02; where its sum over tokens cancels to a quarter, that is 0.08 of what is left.
     */
    private static final double BF16_TOLERANCE = 0.08;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 127, 128, 129, 257})
    void lengthsAroundChunksAndTiles(int seqLen) {
        TokenBatch batch = TokenBatch.ofWholeRows(2, seqLen, HashSeededModel.tokens(2 * seqLen, VOCAB));
        agree(HashSeededModel.config(true), batch);
        agree(HashSeededModel.config(false), batch);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void groups(int groups) {
        FalconH1Config config = HashSeededModel.config(VOCAB, 24, 40, 2, 6, 3, 8, 6, 8, groups, 16, CHUNK, true);
        agree(config, TokenBatch.ofWholeRows(1, 21, HashSeededModel.tokens(21, VOCAB)));
    }

    @ParameterizedTest
    @EnumSource(BlockOrder.class)
    void ordersOfTheParts(BlockOrder order) {
        FalconH1Config config = HashSeededModel.ordered(HashSeededModel.config(false), order);
        agree(config, TokenBatch.ofWholeRows(2, 21, HashSeededModel.tokens(42, VOCAB)));
    }

    @Test
    void stepSizesStayWithinTheirLimits() {
        // In bf16 a step size near a limit falls to another side of it; CudaOpsTest has that operation alone.
        TokenBatch batch = TokenBatch.ofWholeRows(2, 21, HashSeededModel.tokens(42, VOCAB));
        FalconH1Config config = HashSeededModel.limited(HashSeededModel.config(false));
        WholeModel.agree(config, batch, ops(DType.F32), FLOAT_TOLERANCE);
    }

    @Test
    void documentsThatBeginInsideOnAndJustBehindTheEdgesOfChunks() {
        for (int seqLen : new int[] {37, 300}) {
            TokenBatch packed = packed(seqLen);
            agree(HashSeededModel.config(true), packed);
            agree(HashSeededModel.config(false), packed);
        }
    }

    /** Resets by bias against exact ones, by both kinds of kernels: few documents, and 22 in a chunk of 128. */
    @ParameterizedTest
    @ValueSource(ints = {8, 64})
    void theBiasForgetsAsTheMaskDoes(int headDim) {
        FalconH1Config config =
                HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, headDim, 4, headDim, 1, 2 * headDim, 128, false);
        for (TokenBatch batch : List.of(packed(300), WholeModel.shortDocuments(1, 1024, 6, VOCAB))) {
            WholeModel.agree(config, batch, ops(DType.F32), SsmReset.BIAS80, FLOAT_TOLERANCE);
            WholeModel.agree(config, batch, ops(DType.BF16), SsmReset.BIAS80, BF16_TOLERANCE);
        }
    }

    /** The shapes that the fast kernels take, in a model that is narrow elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = {64, 128})
    void realHeadsAndStates(int headDim) {
        FalconH1Config config =
                HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, headDim, 4, 64, 1, 2 * headDim, 128, false);
        agree(config, packed(300));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void twoRunsGiveTheSameBits(DType dtype) {
        FalconH1Config config = HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, 64, 4, 64, 1, 128, 128, true);
        List<float[]> once = WholeModel.results(config, packed(300), ops(dtype));
        List<float[]> again = WholeModel.results(config, packed(300), ops(dtype));
        for (int i = 0; i < once.size(); i++) {
            assertThat(again.get(i)).isEqualTo(once.get(i));
        }
    }

    /** Reading a prompt at once leaves what reading it token by token leaves; both kinds of kernels. */
    @ParameterizedTest
    @CsvSource({"F32, 8, 16", "BF16, 8, 16", "F32, 64, 128", "BF16, 64, 128"})
    void aPrefilledStateGoesOnAsOneThatReadTokenByToken(DType dtype, int headDim, int stateSize) {
        FalconH1Config config =
                HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, headDim, 4, headDim, 1, stateSize, CHUNK, true);
        double tolerance = dtype == DType.F32 ? FLOAT_TOLERANCE : BF16_TOLERANCE;
        try (Ops ops = ops(dtype)) {
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            int longest = 257;
            int[] ids = HashSeededModel.tokens(longest + 1, VOCAB);
            for (int length : new int[] {1, 3, 127, 128, 129, longest}) {
                DecodeState prefilled = model.newDecodeState(length + 1);
                DecodeState stepped = model.newDecodeState(length + 1);
                float[] atOnce = model.prefill(prefilled, Arrays.copyOf(ids, length));
                float[] inSteps = {};
                for (int t = 0; t < length; t++) {
                    inSteps = model.decode(stepped, ids[t]);
                }
                assertThat(WholeModel.relativeError(atOnce, inSteps)).isLessThan(tolerance);
                float[] next = model.decode(prefilled, ids[length]);
                assertThat(WholeModel.relativeError(next, model.decode(stepped, ids[length])))
                        .isLessThan(tolerance);
            }
        }
    }

    private static TokenBatch packed(int seqLen) {
        int[] segments = new int[2 * seqLen];
        for (int boundary : new int[] {5, 8, 9, 20, 21, 33, 63, 64, 65, 128, 129, 255, 257}) {
            for (int t = boundary; t < seqLen; t++) {
                segments[t]++;
            }
        }
        Arrays.fill(segments, seqLen + seqLen * 4 / 5, 2 * seqLen, TokenBatch.PADDING);
        return new TokenBatch(2, seqLen, HashSeededModel.tokens(2 * seqLen, VOCAB), segments);
    }

    private static void agree(FalconH1Config config, TokenBatch batch) {
        WholeModel.agree(config, batch, ops(DType.F32), FLOAT_TOLERANCE);
        WholeModel.agree(config, batch, ops(DType.BF16), BF16_TOLERANCE);
    }

    private static Ops ops(DType dtype) {
        return new CudaOps(new CudaDevice(0), dtype);
    }
}
