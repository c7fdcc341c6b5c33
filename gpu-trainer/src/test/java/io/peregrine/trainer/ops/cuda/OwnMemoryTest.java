package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.ops.StepShape;
import io.peregrine.trainer.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What is planned for the operations themselves, which needs the library and no device. */
@EnabledIf("io.peregrine.trainer.cuda.CudaLibrary#isBuilt")
class OwnMemoryTest {
    private static final long H100 = 227 << 10;
    private static final long MEBIBYTE = 1 << 20;

    /** Sizes of the 0.5B model. */
    private static StepShape step(int batch, int seqLen, int widestBias) {
        return new StepShape(
                batch,
                seqLen,
                new ScanOps.Dims(24, 64, 1, 128, 128),
                new AttentionOps.Dims(8, 2, 64),
                1792,
                4,
                1536,
                widestBias,
                500,
                524_000_000L);
    }

    private static long scratch(DType dtype, StepShape step) {
        return new OwnMemory(dtype, H100, step).scratchBytes();
    }

    /** The scan's gradient of the states behind each chunk alone: bf16 in chunks of 128 tokens. */
    @Test
    void theScansBackwardPassWantsMost() {
        long states = 8L * 32 * 24 * 64 * 128 * 2;
        assertThat(scratch(DType.BF16, step(8, 4096, 0))).isBetween(states, 2 * states);
    }

    /** Float32 keeps dB and dC of every head apart, two numbers for each of the state's and each token. */
    @Test
    void inFloatItWantsMore() {
        long ofHeads = 2L * 8 * 4096 * 24 * 128 * 4;
        assertThat(scratch(DType.F32, step(8, 4096, 0))).isBetween(ofHeads, ofHeads + 100 * MEBIBYTE);
    }

    /** 128 partial sums of each column. */
    @Test
    void aWideBiasWantsMostOfAShortStep() {
        assertThat(scratch(DType.BF16, step(1, 8, 100_000))).isEqualTo(128L * 100_000 * 4);
    }

    @Test
    void tablesAreSmallAndGrowWithTheTokens() {
        StepShape large = step(8, 4096, 0);
        long tables = new OwnMemory(DType.BF16, H100, large).bytes() - scratch(DType.BF16, large);
        assertThat(tables).isBetween(8L * 4096 * 13 * 4, 16 * MEBIBYTE);
    }
}
