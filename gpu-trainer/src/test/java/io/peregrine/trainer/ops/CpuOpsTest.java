package io.peregrine.trainer.ops;

import io.peregrine.trainer.ops.cpu.CpuOps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each operation of training on the CPU, in float. */
class CpuOpsTest extends SingleOperations {
    private static final int ROWS = 75;

    @BeforeEach
    void open() {
        open(new CpuOps(2));
    }

    @Test
    void rowsOfNumbers() {
        embeddings(ROWS);
        products(ROWS, 40, 24);
        norms(ROWS, 24, 3);
        gates(ROWS, 13);
        stepSizes(ROWS);
        optimizer();
    }

    @Override
    @ParameterizedTest
    @CsvSource({"1, 24, 4", "3, 40, 4", "63, 24, 4", "64, 24, 4", "65, 24, 4", "67, 30, 3", "257, 24, 2"})
    void convolutions(int seqLen, int channels, int taps) {
        super.convolutions(seqLen, channels, taps);
    }

    /** Steps of 20 and decays of 1000 beside small ones: what a chunk forgets must not blur what it keeps. */
    @ParameterizedTest
    @CsvSource({"3, 4, 8, 2, 16", "64, 4, 8, 1, 16", "65, 3, 8, 1, 7", "257, 4, 8, 2, 16", "290, 6, 16, 2, 32"})
    void scans(int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        ScanOps.Dims dims = new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64);
        scan(seqLen, dims);
        scan(seqLen, dims, Resets.byBias(segments(2, seqLen)));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4, 8, 2, 16",
        "2, 4, 8, 1, 16",
        "63, 3, 8, 1, 16",
        "64, 3, 8, 3, 16",
        "65, 3, 8, 1, 7",
        "257, 4, 8, 2, 16",
        "290, 9, 16, 3, 16",
        "290, 24, 16, 1, 32"
    })
    void scansAsInitialized(int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        scanAsInitialized(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64));
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 2, 8", "2, 10, 2, 8", "3, 12, 2, 16", "37, 4, 2, 8", "129, 6, 2, 16"})
    void attention(int seqLen, int heads, int keyValueHeads, int headDim) {
        attention(seqLen, new AttentionOps.Dims(heads, keyValueHeads, headDim));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 64, 32784})
    void losses(int vocab) {
        losses(9, vocab);
    }
}
