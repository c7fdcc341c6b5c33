package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
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
 * Operations of a backend alone against the reference in double, on the same random numbers, which are rounded to the
 * backend's kind first.
 *
 * <p>What comes out in float differs by roundings of sums, 1e-5; what comes out in bf16 is rounded once, 2^-9 = 0.002 at
 * most; a fast kernel also rounds what it keeps between two products (probabilities, decayed inputs, boundary states), each
 * as often as a sum has terms, which averages out: four roundings are allowed.
 */
abstract class OpsComparison {
    static final double FLOAT_TOLERANCE = 2e-5;
    static final double BF16_TOLERANCE = 4 * 0x1p-9;

    final ReferenceOps reference = new ReferenceOps(DType.F64);
    final SeedStream draws = SeedStream.of(11);
    final List<Both> results = new ArrayList<>();
    Ops tested;

    /** One tensor of the reference and its twin of the backend. */
    record Both(String name, Tensor exact, Tensor actual) {
        Both named(String other) {
            return new Both(other, exact, actual);
        }

        Both columns(int from, int to) {
            return new Both(name, exact.columns(from, to), actual.columns(from, to));
        }

        Both rows(int from, int to) {
            return new Both(name, exact.rows(from, to), actual.rows(from, to));
        }
    }

    interface Operation {
        void run(Ops ops, Function<Both, Tensor> side);
    }

    @AfterEach
    void close() {
        if (tested != null) {
            tested.close();
        }
    }

    /** @param ops closed after the test */
    void open(Ops ops) {
        tested = ops;
    }

    /** Where the backend's activations lie. */
    Tensor place(int rows, int columns) {
        return tested.allocate(Shape.of(rows, columns));
    }

    void run(Operation operation) {
        operation.run(reference, Both::exact);
        operation.run(tested, Both::actual);
    }

    Both activation(String name, int rows, int columns) {
        return filled(new Both(name, reference.allocate(Shape.of(rows, columns)), place(rows, columns)));
    }

    Both exact(String name, int rows, int columns) {
        return filled(new Both(
                name, reference.allocate(Shape.of(rows, columns)), tested.allocateExact(Shape.of(rows, columns))));
    }

    Both parameter(String name, int rows, int columns) {
        return filled(new Both(
                name,
                reference.allocateParameter(Shape.of(rows, columns)),
                tested.allocateParameter(Shape.of(rows, columns))));
    }

    /** Gaussian numbers of the backend's kind, outputs too, so that what is not overwritten is noticed. */
    Both filled(Both both) {
        Tensor host = Tensor.zeros(DType.F32, both.exact().shape());
        for (int row = 0; row < host.rows(); row++) {
            for (int column = 0; column < host.columns(); column++) {
                host.set(row, column, draws.nextGaussian());
            }
        }
        both.actual().copyFrom(host);
        both.exact().copyFrom(both.actual().onHost());
        return both;
    }

    static void set(Both both, int row, int column, double value) {
        both.exact().set(row, column, (float) value);
        both.actual().set(row, column, value);
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

    /** In bf16 a float, too, is made from numbers that a fast kernel rounded on the way. */
    private double tolerance() {
        return tested.dtype() == DType.BF16 ? BF16_TOLERANCE : FLOAT_TOLERANCE;
    }

    void agree(Both... more) {
        results.addAll(List.of(more));
        for (Both both : results) {
            assertThat(WholeModel.relativeError(
                            both.actual().toFloats(), both.exact().toFloats()))
                    .as(both.name())
                    .isLessThan(tolerance());
        }
        results.clear();
    }

    /**
     * Holds every block of rows and columns against the reference, so that one wrong head among many is seen.
     *
     * <p>An error counts against what a block has on average: single numbers, such as a head's gradient, may be near 0. A
     * block has fewer terms over which roundings average out than the whole, so twice the tolerance is allowed.
     */
    void agreeInBlocks(Both both, int blockRows, int blockColumns) {
        float[] actual = both.actual().toFloats();
        float[] expected = both.exact().toFloats();
        int columns = both.exact().columns();
        int across = columns / blockColumns;
        double[] errors = new double[actual.length / (blockRows * blockColumns)];
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            int block = i / columns / blockRows * across + i % columns / blockColumns;
            errors[block] += Math.pow(actual[i] - (double) expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        double average = norm / errors.length;
        for (int block = 0; block < errors.length; block++) {
            assertThat(Math.sqrt(errors[block] / average))
                    .as("%s, block %d of %d", both.name(), block, errors.length)
                    .isLessThan(2 * tolerance());
        }
    }
}
