package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.io.PrintWriter;

/** The scan and attention alone, at the shapes whose peers' times are known. */
final class GpuKernelBenchmark {
    private static final long SEED = 1;
    private static final int CALLS = 10;

    private final CudaOps ops;
    private final int rounds;

    /** Milliseconds of an operation forward, and of it forward and backward. */
    record Times(double forward, double both) {
        private void print(String what, PrintWriter out) {
            out.printf("%-52s %7.3f ms %7.3f ms%n", what, forward, both);
            out.flush();
        }
    }

    GpuKernelBenchmark(CudaOps ops, int rounds) {
        this.ops = ops;
        this.rounds = rounds;
    }

    void run(PrintWriter out) {
        out.printf("%-52s %10s %10s%n", "operation", "forward", "and back");
        printScan(8, 4096, new ScanOps.Dims(24, 64, 1, 128, 128), out);
        printScan(4, 4096, new ScanOps.Dims(48, 64, 1, 256, 128), out);
        printScan(1, 131_072, new ScanOps.Dims(24, 64, 1, 128, 128), out);
        printAttention(8, 4096, new AttentionOps.Dims(8, 2, 64), out);
        printAttention(4, 4096, new AttentionOps.Dims(8, 2, 128), out);
    }

    private void printScan(int batch, int seqLen, ScanOps.Dims dims, PrintWriter out) {
        String what = "scan B%d L%d H%d P%d N%d".formatted(batch, seqLen, dims.nHeads(), dims.dHead(), dims.dState());
        scan(batch, seqLen, dims).print(what, out);
    }

    private void printAttention(int batch, int seqLen, AttentionOps.Dims dims, PrintWriter out) {
        String what = "attention B%d L%d Hq%d Hk%d D%d"
                .formatted(batch, seqLen, dims.numHeads(), dims.numKeyValueHeads(), dims.headDim());
        attention(batch, seqLen, dims).print(what, out);
    }

    Times scan(int batch, int seqLen, ScanOps.Dims dims) {
        int rows = batch * seqLen;
        Resets resets = Resets.exact(Segments.whole(batch, seqLen));
        int inner = dims.nHeads() * dims.dHead();
        int group = dims.nGroups() * dims.dState();
        Tensor u = random("u", rows, inner + 2 * group);
        Tensor dt = ops.allocateExact(Shape.of(rows, dims.nHeads()));
        dt.fill(0.05);
        Tensor aLog = ops.allocateExact(Shape.of(dims.nHeads()));
        Tensor dSkip = ops.allocateExact(Shape.of(dims.nHeads()));
        ScanOps.Inputs in = new ScanOps.Inputs(
                u.columns(0, inner),
                u.columns(inner, inner + group),
                u.columns(inner + group, inner + 2 * group),
                dt,
                aLog,
                dSkip);
        Tensor y = ops.allocate(Shape.of(rows, inner));
        Tensor dy = random("dy", rows, inner);
        Tensor du = ops.allocate(Shape.of(rows, inner + 2 * group));
        ScanOps.Gradients gradients = new ScanOps.Gradients(
                du.columns(0, inner),
                du.columns(inner, inner + group),
                du.columns(inner + group, inner + 2 * group),
                ops.allocateExact(Shape.of(rows, dims.nHeads())),
                ops.allocateExact(Shape.of(dims.nHeads())),
                ops.allocateExact(Shape.of(dims.nHeads())));
        Tensor memory = ops.allocate(ops.scan().memory(dims, batch, seqLen));
        return time(
                () -> ops.scan().forward(dims, in, resets, memory, y),
                () -> ops.scan().backward(dims, in, resets, memory, dy, gradients));
    }

    Times attention(int batch, int seqLen, AttentionOps.Dims dims) {
        int rows = batch * seqLen;
        Segments segments = Segments.whole(batch, seqLen);
        int queries = dims.numHeads() * dims.headDim();
        int keys = dims.numKeyValueHeads() * dims.headDim();
        Tensor qkv = random("qkv", rows, queries + 2 * keys);
        Tensor q = qkv.columns(0, queries);
        Tensor k = qkv.columns(queries, queries + keys);
        Tensor v = qkv.columns(queries + keys, queries + 2 * keys);
        Tensor dQkv = ops.allocate(Shape.of(rows, queries + 2 * keys));
        Tensor dq = dQkv.columns(0, queries);
        Tensor dk = dQkv.columns(queries, queries + keys);
        Tensor dv = dQkv.columns(queries + keys, queries + 2 * keys);
        Tensor attended = ops.allocate(Shape.of(rows, queries));
        Tensor dAttended = random("dout", rows, queries);
        Tensor logSumExp = ops.allocateExact(Shape.of(rows, dims.numHeads()));
        return time(
                () -> ops.attention().forward(dims, q, k, v, segments, attended, logSumExp),
                () -> ops.attention().backward(dims, q, k, v, segments, attended, logSumExp, dAttended, dq, dk, dv));
    }

    private Times time(Runnable forward, Runnable backward) {
        double ahead = milliseconds(forward);
        return new Times(ahead, milliseconds(() -> {
            forward.run();
            backward.run();
        }));
    }

    /** Median over rounds of the mean of {@value #CALLS} calls, which hides that a call is asked for from Java. */
    private double milliseconds(Runnable work) {
        ops.device().synchronize();
        Timing calls = Timing.measure(1, rounds, () -> {
            for (int call = 0; call < CALLS; call++) {
                work.run();
            }
            ops.device().synchronize();
        });
        return 1e3 * calls.median() / CALLS;
    }

    /** Uniform numbers in [-1, 1): a block of random rows again and again, for drawing all would take longer than measuring. */
    private Tensor random(String name, int rows, int columns) {
        SeedStream draws = SeedStream.of(SEED).child(name);
        int block = Math.min(rows, 1024);
        Tensor host = Tensor.zeros(DType.F32, Shape.of(block, columns));
        float[] numbers = new float[columns];
        for (int row = 0; row < block; row++) {
            for (int column = 0; column < columns; column++) {
                numbers[column] = (float) (2 * draws.nextDouble() - 1);
            }
            host.write(row, 0, numbers, 0, columns);
        }
        Tensor tensor = ops.allocate(Shape.of(rows, columns));
        for (int from = 0; from < rows; from += block) {
            int to = Math.min(rows, from + block);
            tensor.rows(from, to).copyFrom(host.rows(0, to - from));
        }
        return tensor;
    }
}
