package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Offsets that 32 bits do not hold.
 *
 * <p>Activations are columns of one tensor whose rows lie 2^24 numbers apart: the second half of its 260 rows begins past
 * 2^31 numbers, the last of them past 2^32. It takes 8 GiB in bf16 and 16 GiB in float, and few of its numbers are touched.
 */
@Tag("gpu")
class CudaFarRowsTest extends SingleOperations {
    private static final int SEQ_LEN = 130;
    private static final int ROWS = 2 * SEQ_LEN;
    private static final int APART = 1 << 24;
    private static final int ALIGNED = 8;

    private Tensor wide;
    private int taken;

    private void open(DType dtype) {
        open(new CudaOps(new CudaDevice(0), dtype));
    }

    private void openWide(DType dtype) {
        open(dtype);
        wide = tested.allocate(Shape.of(ROWS, APART));
    }

    @Override
    Tensor place(int rows, int columns) {
        assertThat(rows).isEqualTo(ROWS);
        int from = taken;
        taken += (columns + ALIGNED - 1) / ALIGNED * ALIGNED;
        return wide.columns(from, from + columns);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void rowsOfNumbers(DType dtype) {
        openWide(dtype);
        embeddings(ROWS);
        products(ROWS, 136, 72);
        for (int columns : new int[] {256, 26}) { // loads of eight numbers, and single ones
            norms(ROWS, columns, 2);
            gates(ROWS, columns);
            losses(ROWS, columns);
        }
        stepSizes(ROWS);
    }

    @ParameterizedTest
    @CsvSource({"F32, 24, 4", "BF16, 136, 4", "BF16, 30, 4", "BF16, 24, 8"})
    void convolutions(DType dtype, int channels, int taps) {
        openWide(dtype);
        convolutions(SEQ_LEN, channels, taps);
    }

    @ParameterizedTest
    @CsvSource({"F32, 8, 16", "BF16, 8, 16", "BF16, 64, 64", "BF16, 64, 256"})
    void scans(DType dtype, int dHead, int dState) {
        openWide(dtype);
        scan(SEQ_LEN, new ScanOps.Dims(4, dHead, 1, dState, 64));
    }

    @ParameterizedTest
    @CsvSource({"F32, 8", "BF16, 8", "BF16, 64", "BF16, 128"})
    void attention(DType dtype, int headDim) {
        openWide(dtype);
        attention(SEQ_LEN, new AttentionOps.Dims(4, 2, headDim));
    }

    /** Narrow rows without gaps: what is counted is numbers, not rows. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void numbersOneByOne(DType dtype) {
        open(dtype);
        int columns = 7;
        int rows = (int) ((1L << 31) / columns + 10);
        Tensor to = tested.allocate(Shape.of(rows, columns));
        to.rows(rows - 1, rows).fill(3);
        Tensor from = tested.allocate(Shape.of(rows, columns));
        from.fill(2);
        tested.add(from, to);
        float[] last = to.rows(rows - 2, rows).toFloats();
        assertThat(last).containsExactly(2, 2, 2, 2, 2, 2, 2, 5, 5, 5, 5, 5, 5, 5);
        tested.copy(to, from);
        assertThat(from.rows(rows - 2, rows).toFloats()).isEqualTo(last);
    }

    /** A table of more than 2^31 numbers, of which the last row is looked up and learns. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void theLastRowOfATable(DType dtype) {
        open(dtype);
        int columns = 1024;
        int vocab = (1 << 21) + 2;
        Tensor table = tested.allocateExact(Shape.of(vocab, columns));
        Tensor gradient = tested.allocateExact(Shape.of(vocab, columns));
        table.rows(vocab - 1, vocab).fill(3);
        int[] ids = {vocab - 1, 0, vocab - 1};
        Tensor out = tested.allocate(Shape.of(ids.length, columns));
        tested.embedding().forward(table, ids, 0.5, out);
        tested.embedding().backward(out, ids, 2, 0, gradient);
        assertThat(out.get(0, columns - 1)).isEqualTo(1.5);
        assertThat(out.get(1, columns - 1)).isZero();
        assertThat(gradient.get(vocab - 1, columns - 1)).isEqualTo(6);
        assertThat(gradient.get(vocab - 2, columns - 1)).isZero();
    }

    /** Parameters of more than 2^31 numbers: their rounded copy, made anew and by the optimizer, and their gradients. */
    @Test
    void theLastRowOfAParameter() {
        open(DType.BF16);
        int columns = 1024;
        int rows = (1 << 21) + 2;
        Tensor value = tested.allocateParameter(Shape.of(rows, columns));
        Tensor gradient = tested.allocateExact(Shape.of(rows, columns));
        Tensor first = tested.allocateExact(Shape.of(rows, columns));
        Tensor second = tested.allocateExact(Shape.of(rows, columns));
        value.rows(rows - 1, rows).fill(3);
        gradient.rows(rows - 1, rows).fill(1);
        Tensor x = tested.allocate(Shape.of(1, columns));
        x.fill(1);
        Tensor y = tested.allocate(Shape.of(1, rows));
        tested.matmul().forward(x, value, 1, y);
        assertThat(y.get(0, rows - 1)).isEqualTo(3.0 * columns);
        assertThat(tested.optim().sumOfSquares(gradient)).isEqualTo(columns);
        // the first step goes by the rate against the gradient's sign
        tested.optim().adamw(value, gradient, first, second, new OptimOps.AdamW(0.5, 0.9, 0.95, 1e-8, 0, 1, 1));
        tested.matmul().forward(x, value, 1, y);
        assertThat(y.get(0, rows - 1)).isEqualTo(2.5 * columns);
    }

    /** States before chunks of more than 2^31 numbers: the last of many sequences, all others zero, is as it is alone. */
    @ParameterizedTest
    @CsvSource({"BF16, 128", "F32, 32"})
    void theLastStatesOfManySequences(DType dtype, int seqLen) {
        open(dtype);
        ScanOps.Dims dims = new ScanOps.Dims(48, 64, 1, 256, 128);
        int batch = (int) ((1L << 31) / (48 * 64 * 256) + 9);
        Scan many = new Scan(dims, batch, seqLen);
        Scan one = new Scan(dims, 1, seqLen);
        int from = (batch - 1) * seqLen;
        int to = batch * seqLen;
        for (Tensor tensor : new Tensor[] {one.u, one.dy, one.dt}) {
            Tensor host = Tensor.zeros(DType.F32, tensor.shape());
            for (int row = 0; row < host.rows(); row++) {
                for (int column = 0; column < host.columns(); column++) {
                    host.set(row, column, tensor == one.dt ? 0.1 * draws.nextDouble() : draws.nextGaussian());
                }
            }
            tensor.copyFrom(host);
        }
        many.u.rows(from, to).copyFrom(one.u);
        many.dy.rows(from, to).copyFrom(one.dy);
        many.dt.rows(from, to).copyFrom(one.dt);
        one.run();
        many.run();
        assertThat(many.y.rows(from, to).toFloats()).isEqualTo(one.y.toFloats());
        int inner = dims.nHeads() * dims.dHead();
        assertThat(many.du.columns(0, inner).rows(from, to).toFloats())
                .isEqualTo(one.du.columns(0, inner).toFloats());
        // of B and C, heads are added up in as many parts as fill the card
        assertThat(WholeModel.relativeError(
                        many.du.columns(inner, many.du.columns()).rows(from, to).toFloats(),
                        one.du.columns(inner, one.du.columns()).toFloats()))
                .isLessThan(dtype == DType.BF16 ? BF16_TOLERANCE : FLOAT_TOLERANCE);
        assertThat(many.dDt.rows(from, to).toFloats()).isEqualTo(one.dDt.toFloats());
        assertThat(many.last.rows((batch - 1) * inner, batch * inner).toFloats())
                .isEqualTo(one.last.toFloats());
    }

    /** A scan forward and backward of whole sequences. */
    private final class Scan {
        private final ScanOps.Dims dims;
        private final Segments segments;
        private final int inner;
        private final int group;
        private final Tensor u;
        private final Tensor dt;
        private final Tensor y;
        private final Tensor last;
        private final Tensor dy;
        private final Tensor du;
        private final Tensor dDt;

        Scan(ScanOps.Dims dims, int batch, int seqLen) {
            this.dims = dims;
            this.segments = Segments.whole(batch, seqLen);
            this.inner = dims.nHeads() * dims.dHead();
            this.group = dims.nGroups() * dims.dState();
            int rows = batch * seqLen;
            this.u = tested.allocate(Shape.of(rows, inner + 2 * group));
            this.dt = tested.allocateExact(Shape.of(rows, dims.nHeads()));
            this.y = tested.allocate(Shape.of(rows, inner));
            this.last = tested.allocateExact(Shape.of((long) batch * inner, dims.dState()));
            this.dy = tested.allocate(Shape.of(rows, inner));
            this.du = tested.allocate(Shape.of(rows, inner + 2 * group));
            this.dDt = tested.allocateExact(Shape.of(rows, dims.nHeads()));
        }

        void run() {
            Tensor aLog = tested.allocateExact(Shape.of(dims.nHeads()));
            Tensor dSkip = tested.allocateExact(Shape.of(dims.nHeads()));
            dSkip.fill(0.5);
            ScanOps.Inputs in = new ScanOps.Inputs(
                    u.columns(0, inner),
                    u.columns(inner, inner + group),
                    u.columns(inner + group, inner + 2 * group),
                    dt,
                    aLog,
                    dSkip);
            Tensor memory = tested.allocate(tested.scan().memory(dims, segments.batch(), segments.seqLen()));
            Resets resets = Resets.exact(segments);
            tested.scan().forward(dims, in, resets, memory, y, Optional.of(last));
            tested.scan()
                    .backward(
                            dims,
                            in,
                            resets,
                            memory,
                            dy,
                            new ScanOps.Gradients(
                                    du.columns(0, inner),
                                    du.columns(inner, inner + group),
                                    du.columns(inner + group, inner + 2 * group),
                                    dDt,
                                    tested.allocateExact(Shape.of(dims.nHeads())),
                                    tested.allocateExact(Shape.of(dims.nHeads()))));
        }
    }
}
