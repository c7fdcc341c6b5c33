package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.BlockOrder;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.cpu.CpuOps;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast operations, through the whole model, against their definition; and against themselves on other threads. */
class CpuAgainstReferenceTest {
    private static final int CHUNK = 8;
    private static final int VOCAB = 64;
    /** Some hundred float roundings of 6e-8 in a row, and what later layers make of them. */
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 31, 150})
    void lengthsAroundChunksAndBlocks(int seqLen) {
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
        TokenBatch batch = TokenBatch.ofWholeRows(2, 21, HashSeededModel.tokens(42, VOCAB));
        agree(HashSeededModel.limited(HashSeededModel.config(false)), batch);
        assertThat(WholeModel.results(HashSeededModel.limited(HashSeededModel.config(false)), batch, new CpuOps(2))
                        .get(0))
                .isNotEqualTo(WholeModel.results(HashSeededModel.config(false), batch, new CpuOps(2))
                        .get(0));
    }

    @Test
    void documentsThatBeginInsideOnAndJustBehindChunkEdges() {
        agree(HashSeededModel.config(true), packed());
        agree(HashSeededModel.config(false), packed());
    }

    @Test
    void theBiasForgetsAsTheMaskDoes() {
        WholeModel.agree(HashSeededModel.config(true), packed(), new CpuOps(2), SsmReset.BIAS80, TOLERANCE);
        WholeModel.agree(HashSeededModel.config(false), packed(), new CpuOps(2), SsmReset.BIAS80, TOLERANCE);
    }

    /** 22 documents a chunk of 128: running sums reach -1700, and their differences keep enough bits. */
    @Test
    void theBiasForgetsManyDocumentsInAChunk() {
        FalconH1Config config = HashSeededModel.config(VOCAB, 24, 40, 2, 4, 2, 8, 6, 8, 2, 16, 128, true);
        TokenBatch batch = WholeModel.shortDocuments(1, 1024, 6, VOCAB);
        WholeModel.agree(config, batch, new CpuOps(2), TOLERANCE);
        WholeModel.agree(config, batch, new CpuOps(2), SsmReset.BIAS80, TOLERANCE);
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreads() {
        int seqLen = 300;
        TokenBatch batch = TokenBatch.ofWholeRows(3, seqLen, HashSeededModel.tokens(3 * seqLen, VOCAB));
        List<float[]> one = WholeModel.results(HashSeededModel.config(true), batch, new CpuOps(1));
        for (int threads = 2; threads <= 3; threads++) {
            List<float[]> more = WholeModel.results(HashSeededModel.config(true), batch, new CpuOps(threads));
            for (int i = 0; i < one.size(); i++) {
                assertThat(more.get(i)).isEqualTo(one.get(i));
            }
        }
    }

    @Test
    void aSecondPassWithUsedBuffersGivesTheSameBits() {
        TokenBatch small = TokenBatch.ofWholeRows(1, 19, HashSeededModel.tokens(19, VOCAB));
        TokenBatch large = TokenBatch.ofWholeRows(2, 40, HashSeededModel.tokens(80, VOCAB));
        try (Ops ops = new CpuOps(2)) {
            FalconH1Config config = HashSeededModel.config(true);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            float[] fresh = model.logits(small).toFloats();
            model.lossAndGradients(large, 1);
            assertThat(model.logits(small).toFloats()).isEqualTo(fresh);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.0.mamba.in_proj.weight",
                "model.layers.0.mamba.A_log",
                "model.layers.1.self_attn.v_proj.weight",
                "lm_head.weight"
            })
    void notANumberInGivesNotANumberOut(String name) {
        try (Ops ops = new CpuOps(2)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            model.parameters().get(name).value().set(0, 0, Double.NaN);
            TokenBatch batch = TokenBatch.ofWholeRows(1, 19, HashSeededModel.tokens(19, VOCAB));
            assertThat(model.lossAndGradients(batch, 1).nats()).isNaN();
        }
    }

    private static TokenBatch packed() {
        int seqLen = 37;
        int[] segments = new int[2 * seqLen];
        for (int boundary : new int[] {5, 8, 9, 20, 21, 33}) {
            for (int t = boundary; t < seqLen; t++) {
                segments[t]++;
            }
        }
        Arrays.fill(segments, seqLen + 30, 2 * seqLen, TokenBatch.PADDING);
        return new TokenBatch(2, seqLen, HashSeededModel.tokens(2 * seqLen, VOCAB), segments);
    }

    private static void agree(FalconH1Config config, TokenBatch batch) {
        WholeModel.agree(config, batch, new CpuOps(2), TOLERANCE);
    }
}
