package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/**
 * Operations of the device alone against the reference in double, on the same random numbers, which are rounded to the
 * device's kind first.
 *
 * <p>What comes out in float differs by roundings of sums, 1e-5; what comes out in bf16 is rounded once, 2^-9 = 0.002 at
 * most; a fast kernel also rounds what it keeps between two products (probabilities, decayed inputs, boundary states), each
 * as often as a sum has terms, which averages out: four roundings are allowed.
 */
abstract class CudaComparison {
    static final double FLOAT_TOLERANCE = 2e-5;
    static final double BF16_TOLERANCE = 4 * 0x1p-9;

    final ReferenceOps reference = new ReferenceOps(DType.F64);
    final SeedStream draws = SeedStream.of(11);
    final List<Both> results = new ArrayList<>();
    CudaOps cuda;

    /** One tensor of the reference and its twin on the device. */
    record Both(String name, Tensor exact, Tensor device) {
        Both columns(int from, int to) {
            return new Both(name, exact.columns(from, to), device.columns(from, to));
        }

        Both rows(int from, int to) {
            return new Both(name, exact.rows(from, to), device.rows(from, to));
        }
    }

    interface Operation {
        void run(Ops ops, Function<Both, Tensor> side);
    }

    @AfterEach
    void close() {
        if (cuda != null) {
            cuda.close();
        }
    }

    void open(DType dtype) {
        cuda = new CudaOps(new CudaDevice(0), dtype);
    }

    void run(Operation operation) {
        operation.run(reference, Both::exact);
        operation.run(cuda, Both::device);
    }

    Both activation(String name, int rows, int columns) {
        return filled(
                new Both(name, reference.allocate(Shape.of(rows, columns)), cuda.allocate(Shape.of(rows, columns))));
    }

    Both exact(String name, int rows, int columns) {
        return filled(new Both(
                name, reference.allocate(Shape.of(rows, columns)), cuda.allocateExact(Shape.of(rows, columns))));
    }

    Both parameter(String name, int rows, int columns) {
        return filled(new Both(
                name,
                reference.allocateParameter(Shape.of(rows, columns)),
                cuda.allocateParameter(Shape.of(rows, columns))));
    }

    /** Gaussian numbers of the device's kind, outputs too, so that what is not overwritten is noticed. */
    Both filled(Both both) {
        Tensor host = Tensor.zeros(DType.F32, both.exact().shape());
        for (int row = 0; row < host.rows(); row++) {
            for (int column = 0; column < host.columns(); column++) {
                host.set(row, column, draws.nextGaussian());
            }
        }
        both.device().copyFrom(host);
        both.exact().copyFrom(both.device().onHost());
        return both;
    }

    static void set(Both both, int row, int column, double value) {
        both.exact().set(row, column, (float) value);
        both.device().set(row, column, value);
    }

    /** Documents that begin inside, on and just behind the edges of chunks and tiles, some of one token. */
    static Segments segments(int batch, int seqLen) {
        int[] ids = new int[batch * seqLen];
        for (int start : new int[] {1, 2, 3, 15, 16, 17, 33, 63, 64, 65, 100, 127, 128, 129, 192, 255, 256, 257}) {
            for (int t = start; t < seqLen; t++) {
                ids[t]++;
            }
        }
        // the other sequences: one document, and one that begins late
        Arrays.fill(ids, batch * seqLen - seqLen / 5, batch * seqLen, 1);
        return Segments.of(batch, seqLen, ids);
    }

    void agree(Both... more) {
        results.addAll(List.of(more));
        for (Both both : results) {
            // in bf16 a float, too, is made from numbers that a fast kernel rounded on the way
            double tolerance = cuda.dtype() == DType.BF16 ? BF16_TOLERANCE : FLOAT_TOLERANCE;
            assertThat(WholeModel.relativeError(
                            both.device().toFloats(), both.exact().toFloats()))
                    .as(both.name())
                    .isLessThan(tolerance);
        }
        results.clear();
    }
}
