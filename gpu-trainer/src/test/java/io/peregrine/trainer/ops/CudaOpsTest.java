package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation of training on the device, at the shapes that its kernels tell apart. */
@Tag("gpu")
class CudaOpsTest extends SingleOperations {
    private static final int ROWS = 75;

    /** Numbers between the beginning of an allocation, which is aligned, and that of an activation. */
    private int shift;

    private void open(DType dtype) {
        open(new CudaOps(new CudaDevice(0), dtype));
    }

    @Override
    Tensor place(int rows, int columns) {
        return tested.allocate(Shape.of(rows, shift + columns)).columns(shift, shift + columns);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void embeddings(DType dtype) {
        open(dtype);
        embeddings(ROWS);
    }

    @ParameterizedTest
    @CsvSource({"F32, 40, 24", "BF16, 40, 24", "BF16, 257, 136", "F32, 7, 5", "BF16, 7, 5"})
    void products(DType dtype, int in, int out) {
        open(dtype);
        products(ROWS, in, out);
    }

    @ParameterizedTest
    @CsvSource({"F32, 24, 3", "BF16, 24, 3", "F32, 256, 2", "BF16, 1024, 1", "BF16, 130, 2", "BF16, 3072, 2"})
    void norms(DType dtype, int columns, int groups) {
        open(dtype);
        norms(ROWS, columns, groups);
    }

    @ParameterizedTest
    @CsvSource({"F32, 24", "BF16, 24", "BF16, 13", "F32, 13"})
    void gates(DType dtype, int columns) {
        open(dtype);
        gates(ROWS, columns);
    }

    /** Shorter than the filter, at the edges of a strip of 64 tokens, over several; wide loads and single ones; long filters. */
    @ParameterizedTest
    @CsvSource({
        "F32, 1, 24, 4",
        "BF16, 2, 24, 4",
        "BF16, 3, 40, 4",
        "BF16, 63, 40, 4",
        "F32, 64, 24, 4",
        "BF16, 64, 40, 4",
        "F32, 65, 24, 4",
        "BF16, 65, 40, 4",
        "F32, 67, 30, 3",
        "BF16, 67, 30, 2",
        "F32, 257, 24, 4",
        "BF16, 257, 136, 4",
        "BF16, 300, 256, 4",
        "F32, 300, 256, 4",
        "F32, 67, 30, 5",
        "BF16, 3, 40, 8",
        "BF16, 257, 136, 8",
        "F32, 300, 24, 32"
    })
    void convolutions(DType dtype, int seqLen, int channels, int taps) {
        open(dtype);
        convolutions(seqLen, channels, taps);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void stepSizes(DType dtype) {
        open(dtype);
        stepSizes(ROWS);
    }

    /** Lengths at the edges of chunks; documents that end inside, on and past them; shapes of both ways of computing. */
    @ParameterizedTest
    @CsvSource({
        "F32, 37, 6, 8, 2, 16", "BF16, 37, 6, 8, 2, 16", "BF16, 1, 4, 64, 1, 128", "BF16, 2, 4, 64, 1, 128",
        "BF16, 3, 4, 64, 1, 256", "F32, 1, 4, 64, 1, 128", "F32, 2, 4, 64, 1, 128", "F32, 31, 4, 64, 1, 128",
        "F32, 32, 4, 64, 1, 128", "F32, 33, 4, 64, 1, 128", "BF16, 31, 4, 64, 1, 32", "BF16, 33, 4, 64, 1, 16",
        "BF16, 63, 4, 64, 1, 128", "BF16, 64, 4, 64, 1, 128", "BF16, 65, 4, 64, 1, 128", "BF16, 127, 4, 64, 1, 128",
        "BF16, 128, 4, 64, 1, 128", "BF16, 129, 4, 64, 1, 128", "BF16, 257, 4, 64, 2, 128", "BF16, 300, 4, 64, 1, 256",
        "BF16, 257, 4, 128, 2, 256", "BF16, 1, 4, 64, 1, 64", "BF16, 127, 4, 64, 1, 64", "BF16, 128, 9, 64, 1, 64",
        "BF16, 129, 4, 128, 2, 64", "BF16, 300, 6, 64, 2, 64", "BF16, 300, 6, 64, 2, 96", "F32, 257, 4, 64, 1, 128"
    })
    void scans(DType dtype, int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        open(dtype);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64));
    }

    /** With a bias at the starts of documents, by the generic kernels and by those on tensor cores. */
    @ParameterizedTest
    @CsvSource({
        "F32, 37, 6, 8, 2, 16", "BF16, 37, 6, 8, 2, 16", "F32, 257, 4, 64, 1, 128", "BF16, 1, 4, 64, 1, 128",
        "BF16, 2, 4, 64, 1, 128", "BF16, 127, 4, 64, 1, 64", "BF16, 128, 4, 64, 1, 128", "BF16, 129, 4, 64, 1, 128",
        "BF16, 300, 6, 64, 2, 64", "BF16, 257, 4, 128, 2, 256", "BF16, 1025, 4, 64, 1, 128"
    })
    void scansThatForgetByBias(DType dtype, int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        open(dtype);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64), Resets.byBias(segments(2, seqLen)));
    }

    /** exp(-80) of a state of 1e30 is left, of which a mask would leave nothing, and so is its gradient. */
    @ParameterizedTest
    @CsvSource({"F32, 8, 16", "BF16, 8, 16", "BF16, 64, 128"})
    void theBiasLeavesWhatThePaperSays(DType dtype, int dHead, int dState) {
        open(dtype);
        for (int start : new int[] {1, 31, 32, 127, 128, 129, 400}) {
            double tolerance = dtype == DType.F32 ? FLOAT_TOLERANCE : BF16_TOLERANCE;
            ForgottenState.agree(tested, new ScanOps.Dims(2, dHead, 1, dState, 64), start, tolerance);
        }
    }

    /** The heads, groups and states of all sizes of Falcon-H1, an odd number of heads, and states of the generic kernels. */
    @ParameterizedTest
    @CsvSource({
        "BF16, 24, 64, 1, 128",
        "BF16, 24, 64, 1, 256",
        "BF16, 48, 64, 1, 256",
        "BF16, 24, 128, 1, 256",
        "BF16, 32, 128, 1, 256",
        "BF16, 32, 128, 2, 256",
        "BF16, 9, 64, 1, 64",
        "BF16, 9, 64, 3, 128",
        "BF16, 9, 32, 1, 32",
        "F32, 9, 16, 3, 16",
        "F32, 24, 64, 1, 128"
    })
    void scansAsInitialized(DType dtype, int nHeads, int dHead, int nGroups, int dState) {
        open(dtype);
        scanAsInitialized(290, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64));
    }

    /** What cards compute the same shapes with whose blocks may have less shared memory, in KiB. */
    @ParameterizedTest
    @CsvSource({
        "163, 300, 6, 64, 2, 128",
        "163, 300, 6, 64, 2, 64",
        "163, 257, 4, 64, 1, 256",
        "99, 257, 4, 128, 2, 128",
        "99, 257, 4, 64, 1, 64"
    })
    void scansWithLessSharedMemory(long kibibytes, int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        open(new CudaOps(new CudaDevice(0, kibibytes << 10), DType.BF16));
        ScanOps.Dims dims = new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64);
        scan(seqLen, dims);
        scan(seqLen, dims, Resets.byBias(segments(2, seqLen)));
        boolean onTensorCores = kibibytes == 163 && dState <= 128;
        assertThat(tested.describe().contains("computed by the generic kernels"))
                .isEqualTo(!onTensorCores);
    }

    /** Lengths at the edges of tiles; as many queries to a key as all sizes of Falcon-H1 have: 3, 4, 5 and 6. */
    @ParameterizedTest
    @CsvSource({
        "F32, 37, 4, 2, 8",
        "BF16, 37, 4, 2, 8",
        "BF16, 1, 4, 2, 64",
        "BF16, 2, 4, 2, 64",
        "BF16, 3, 10, 2, 64",
        "BF16, 1, 12, 2, 128",
        "BF16, 2, 10, 2, 128",
        "BF16, 3, 6, 2, 128",
        "F32, 1, 6, 1, 64",
        "F32, 3, 5, 1, 128",
        "BF16, 63, 4, 2, 64",
        "BF16, 64, 4, 2, 64",
        "BF16, 65, 4, 1, 64",
        "BF16, 127, 4, 2, 128",
        "BF16, 128, 4, 2, 128",
        "BF16, 129, 3, 1, 128",
        "BF16, 129, 10, 2, 64",
        "BF16, 200, 12, 2, 64",
        "BF16, 257, 4, 2, 64",
        "BF16, 257, 12, 2, 128",
        "BF16, 257, 20, 4, 128",
        "BF16, 300, 4, 2, 128",
        "F32, 129, 4, 2, 64"
    })
    void attention(DType dtype, int seqLen, int heads, int keyValueHeads, int headDim) {
        open(dtype);
        attention(seqLen, new AttentionOps.Dims(heads, keyValueHeads, headDim));
    }

    /** On mma.sync, as on cards without wgmma. */
    @ParameterizedTest
    @CsvSource({
        "1, 4, 2, 64",
        "3, 12, 2, 128",
        "63, 4, 2, 64",
        "64, 4, 2, 64",
        "65, 5, 1, 64",
        "127, 4, 2, 128",
        "128, 6, 2, 128",
        "129, 10, 2, 128",
        "257, 12, 2, 64",
        "300, 20, 4, 128"
    })
    void attentionWithLessSharedMemory(int seqLen, int heads, int keyValueHeads, int headDim) {
        CudaDevice lesser = new CudaDevice(0, 99 << 10);
        open(new CudaOps(lesser, DType.BF16));
        assertThat(Native.attentionOnWgmma(lesser.handle(), headDim)).isFalse();
        attention(seqLen, new AttentionOps.Dims(heads, keyValueHeads, headDim));
    }

    /** Up to the vocabularies of the released sizes, with and without a width that wide loads take. */
    @ParameterizedTest
    @CsvSource({
        "F32, 75, 64",
        "BF16, 75, 64",
        "BF16, 75, 1003",
        "F32, 75, 5",
        "F32, 9, 4097",
        "BF16, 9, 32784",
        "F32, 9, 32784",
        "BF16, 9, 65537",
        "BF16, 5, 131072"
    })
    void losses(DType dtype, int rows, int vocab) {
        open(dtype);
        losses(rows, vocab);
    }

    /** Widths that wide loads take, at addresses and distances that they do not; attention by the generic kernels, too. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void rowsThatAreNotAligned(DType dtype) {
        open(dtype);
        shift = 1;
        embeddings(ROWS);
        products(ROWS, 136, 72);
        norms(ROWS, 256, 2);
        gates(ROWS, 256);
        convolutions(65, 136, 4);
        stepSizes(ROWS);
        attention(65, new AttentionOps.Dims(4, 2, 64));
        losses(ROWS, 1024);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void optimizer(DType dtype) {
        open(dtype);
        optimizer();
    }
}
