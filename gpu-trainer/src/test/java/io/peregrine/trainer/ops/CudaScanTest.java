package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scan on the device, forward and backward, with exact resets and with biased ones, against the reference. */
@Tag("gpu")
class CudaScanTest extends CudaComparison {
    private static final int ROWS = 75;

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void stepSizes(DType dtype) {
        open(dtype);
        Both raw = activation("raw", ROWS, 6);
        Both bias = exact("bias", 1, 6);
        Both dt = exact("dt", ROWS, 6);
        Both dDt = exact("dDt", ROWS, 6);
        Both dRaw = activation("dRaw", ROWS, 6);
        Both dBias = exact("dBias", 1, 6);
        run((ops, it) -> ops.scan().stepSizes(it.apply(raw), 2, it.apply(bias), 0.3, 1.1, it.apply(dt)));
        run((ops, it) -> ops.scan()
                .stepSizesBackward(
                        it.apply(raw), 2, it.apply(bias), 0.3, 1.1, it.apply(dDt), it.apply(dRaw), it.apply(dBias)));
        agree(dt, dRaw, dBias);
    }

    /** Lengths at the edges of chunks; documents that end inside, on and past them; shapes of both ways of computing. */
    @ParameterizedTest
    @CsvSource({
        "F32, 37, 6, 8, 2, 16", "BF16, 37, 6, 8, 2, 16", "BF16, 1, 4, 64, 1, 128", "BF16, 2, 4, 64, 1, 128",
        "BF16, 63, 4, 64, 1, 128", "BF16, 64, 4, 64, 1, 128", "BF16, 65, 4, 64, 1, 128", "BF16, 127, 4, 64, 1, 128",
        "BF16, 128, 4, 64, 1, 128", "BF16, 129, 4, 64, 1, 128", "BF16, 257, 4, 64, 2, 128", "BF16, 300, 4, 64, 1, 256",
        "BF16, 257, 4, 128, 2, 256", "BF16, 1, 4, 64, 1, 64", "BF16, 127, 4, 64, 1, 64", "BF16, 128, 9, 64, 1, 64",
        "BF16, 129, 4, 128, 2, 64", "BF16, 300, 6, 64, 2, 64", "BF16, 300, 6, 64, 2, 96", "F32, 257, 4, 64, 1, 128"
    })
    void scans(DType dtype, int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        open(dtype);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64), Resets::exact);
    }

    /** The same with a bias at the starts of documents, by the generic kernels and by those on tensor cores. */
    @ParameterizedTest
    @CsvSource({
        "F32, 37, 6, 8, 2, 16", "BF16, 37, 6, 8, 2, 16", "F32, 257, 4, 64, 1, 128", "BF16, 1, 4, 64, 1, 128",
        "BF16, 2, 4, 64, 1, 128", "BF16, 127, 4, 64, 1, 64", "BF16, 128, 4, 64, 1, 128", "BF16, 129, 4, 64, 1, 128",
        "BF16, 300, 6, 64, 2, 64", "BF16, 257, 4, 128, 2, 256", "BF16, 1025, 4, 64, 1, 128"
    })
    void scansThatForgetByBias(DType dtype, int seqLen, int nHeads, int dHead, int nGroups, int dState) {
        open(dtype);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64), Resets::byBias);
    }

    /** exp(-80) of a state of 1e30 is left, of which a mask would leave nothing, and so is its gradient. */
    @ParameterizedTest
    @CsvSource({"F32, 8, 16", "BF16, 8, 16", "BF16, 64, 128"})
    void theBiasLeavesWhatThePaperSays(DType dtype, int dHead, int dState) {
        open(dtype);
        for (int start : new int[] {1, 31, 32, 127, 128, 129, 400}) {
            double tolerance = dtype == DType.F32 ? FLOAT_TOLERANCE : BF16_TOLERANCE;
            ForgottenState.agree(cuda, new ScanOps.Dims(2, dHead, 1, dState, 64), start, tolerance);
        }
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
        cuda = new CudaOps(new CudaDevice(0, kibibytes << 10), DType.BF16);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64), Resets::exact);
        scan(seqLen, new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64), Resets::byBias);
        boolean onTensorCores = kibibytes == 163 && dState <= 128;
        assertThat(cuda.describe().contains("computed by the generic kernels")).isEqualTo(!onTensorCores);
    }

    private void scan(int seqLen, ScanOps.Dims dims, Function<Segments, Resets> way) {
        int nHeads = dims.nHeads();
        int dState = dims.dState();
        Resets resets = way.apply(segments(2, seqLen));
        int rows = 2 * seqLen;
        int inner = nHeads * dims.dHead();
        int group = dims.nGroups() * dState;
        Both u = activation("u", rows, inner + 2 * group);
        Both dt = exact("dt", rows, nHeads);
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < nHeads; head++) {
                // from 1e-6 to 20, mostly between
                double size = row % 29 == 3 ? 20 : row % 31 == 5 ? 1e-6 : 0.01 + 0.1 * draws.nextDouble();
                set(dt, row, head, size);
            }
        }
        Both aLog = exact("aLog", 1, nHeads);
        set(aLog, 0, 0, Math.log(1e3));
        Both dSkip = exact("dSkip", 1, nHeads);
        Both y = activation("y", rows, inner);
        Both dy = activation("dy", rows, inner);
        Both du = activation("du", rows, inner + 2 * group);
        Both dDt = exact("dDt", rows, nHeads);
        Both dALog = exact("dALog", 1, nHeads);
        Both dSkipGradient = exact("dD", 1, nHeads);
        Both last = exact("state", 2 * inner, dState);
        run((ops, it) -> {
            ScanOps.Inputs in = new ScanOps.Inputs(
                    it.apply(u.columns(0, inner)),
                    it.apply(u.columns(inner, inner + group)),
                    it.apply(u.columns(inner + group, inner + 2 * group)),
                    it.apply(dt),
                    it.apply(aLog),
                    it.apply(dSkip));
            Tensor memory = ops.allocate(ops.scan().memory(dims, 2, seqLen));
            ops.scan().forward(dims, in, resets, memory, it.apply(y), Optional.of(it.apply(last)));
            ops.scan()
                    .backward(
                            dims,
                            in,
                            resets,
                            memory,
                            it.apply(dy),
                            new ScanOps.Gradients(
                                    it.apply(du.columns(0, inner)),
                                    it.apply(du.columns(inner, inner + group)),
                                    it.apply(du.columns(inner + group, inner + 2 * group)),
                                    it.apply(dDt),
                                    it.apply(dALog),
                                    it.apply(dSkipGradient)));
        });
        results.addAll(List.of(
                y,
                last,
                du.columns(0, inner),
                du.columns(inner, inner + group),
                du.columns(inner + group, inner + 2 * group),
                dDt,
                dALog,
                dSkipGradient));
        agree();
    }
}
