package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * The scan in chunks: matrix products inside a chunk, and one state per chunk carried from each to the next.
 *
 * <p>Forward: every chunk's own contribution to the state, then the carry from chunk to chunk, then the outputs. Backward
 * the same in reverse. The first and last are tasks per chunk, the carry is a task per sequence and head.
 *
 * @see <a href="https://arxiv.org/abs/2405.21060">Mamba-2</a>, section 6 (SSD)
 */
final class CpuScan implements ScanOps {
    /** Above this, softplus is the identity in float. */
    private static final float SOFTPLUS_LINEAR = 20;

    private final Workers workers;
    private final Partials biases = new Partials();
    private final Partials perChunk = new Partials();

    /** Gradients of the states that chunks leave behind; kept because it is large. */
    private Tensor stateGradients = Tensor.zeros(DType.F32, Shape.of(0));

    /** Of each chunk and head: what the carried state decays by across the chunk; 0 where a document begins in it. */
    private float[] carries = new float[0];

    /** Of each chunk and head: the product of the state before it with the gradient of the state behind it. */
    private float[] carryGradients = new float[0];

    CpuScan(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void stepSizes(Tensor raw, double scale, Tensor bias, double min, double max, Tensor dt) {
        int heads = raw.columns();
        float[] b = bias.toFloats();
        Rows.each(workers, raw.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, heads);
            float[] e = scratch.array(1, heads);
            raw.read(row, 0, v, 0, heads);
            before(v, b, scale, heads, e, scratch);
            for (int h = 0; h < heads; h++) {
                float limited = Math.min(Math.max(softplus(v[h], e[h]), (float) min), (float) max);
                v[h] = limited;
            }
            dt.write(row, 0, v, 0, heads);
        });
    }

    @Override
    public void stepSizesBackward(
            Tensor raw, double scale, Tensor bias, double min, double max, Tensor dDt, Tensor dRaw, Tensor dBias) {
        int heads = raw.columns();
        float[] b = bias.toFloats();
        int blocks = Rows.blocks(raw.rows());
        biases.reset(blocks, heads);
        Rows.each(workers, raw.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, heads);
            float[] e = scratch.array(1, heads);
            float[] d = scratch.array(2, heads);
            raw.read(row, 0, v, 0, heads);
            dDt.read(row, 0, d, 0, heads);
            before(v, b, scale, heads, e, scratch);
            int sums = biases.start(row / Rows.PER_TASK);
            for (int h = 0; h < heads; h++) {
                float softplus = softplus(v[h], e[h]);
                boolean limited = softplus < min || softplus > max;
                float sigmoid = v[h] > 0 ? 1 / (1 + e[h]) : e[h] / (1 + e[h]);
                float slope = limited ? 0 : d[h] * sigmoid;
                biases.values()[sums + h] += slope;
                d[h] = slope * (float) scale;
            }
            dRaw.write(row, 0, d, 0, heads);
        });
        biases.addTo(dBias, blocks, 0, 1);
    }

    /** {@code v = scale v + b} and {@code e = exp(-|v|)}. */
    private static void before(float[] v, float[] b, double scale, int heads, float[] e, Scratch scratch) {
        for (int h = 0; h < heads; h++) {
            v[h] = (float) scale * v[h] + b[h];
            e[h] = -Math.abs(v[h]);
        }
        FloatMath.exp(e, e, heads, scratch.array(3, heads));
    }

    private static float softplus(float x, float expOfMinusAbs) {
        return x > SOFTPLUS_LINEAR ? x : Math.max(x, 0) + (float) StrictMath.log1p(expOfMinusAbs);
    }

    @Override
    public Shape memory(Dims dims, int batch, int seqLen) {
        int chunks = ScanChunk.count(dims, seqLen);
        return Shape.of(Math.multiplyExact(batch, chunks), (long) dims.nHeads() * dims.dHead() * dims.dState());
    }

    @Override
    public void forward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor y, Optional<Tensor> last) {
        int chunks = ScanChunk.count(dims, resets.seqLen());
        int tasks = resets.batch() * chunks;
        float[] a = decayRates(in);
        float[] skip = in.dSkip().toFloats();
        reserve(tasks * dims.nHeads());
        workers.run(
                tasks,
                (task, scratch) -> new ScanChunk(dims, in, resets, task, a, scratch).contribute(memory, carries));
        workers.run(
                resets.batch() * dims.nHeads(),
                (task, scratch) ->
                        carryForward(dims, task / dims.nHeads(), task % dims.nHeads(), chunks, memory, last, scratch));
        workers.run(
                tasks, (task, scratch) -> new ScanChunk(dims, in, resets, task, a, scratch).outputs(memory, skip, y));
    }

    /** Replaces each chunk's contribution by the state before the chunk; the state behind the last one is {@code last}. */
    private void carryForward(
            Dims dims, int sequence, int head, int chunks, Tensor memory, Optional<Tensor> last, Scratch scratch) {
        int size = dims.dHead() * dims.dState();
        float[] state = scratch.array(0, size);
        float[] own = scratch.array(1, size);
        Arrays.fill(state, 0, size, 0);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int task = sequence * chunks + chunk;
            memory.read(task, head * size, own, 0, size);
            memory.write(task, head * size, state, 0, size);
            float carry = carries[task * dims.nHeads() + head];
            for (int i = 0; i < size; i++) {
                state[i] = carry * state[i] + own[i];
            }
        }
        if (last.isPresent()) {
            int firstRow = (sequence * dims.nHeads() + head) * dims.dHead();
            for (int p = 0; p < dims.dHead(); p++) {
                last.get().write(firstRow + p, 0, state, p * dims.dState(), dims.dState());
            }
        }
    }

    @Override
    public void backward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor dy, Gradients out) {
        int chunks = ScanChunk.count(dims, resets.seqLen());
        int tasks = resets.batch() * chunks;
        int heads = dims.nHeads();
        float[] a = decayRates(in);
        float[] skip = in.dSkip().toFloats();
        reserve(tasks * heads);
        if (stateGradients.rows() < tasks || stateGradients.columns() != memory.columns()) {
            stateGradients = Tensor.zeros(DType.F32, Shape.of(tasks, memory.columns()));
        }
        workers.run(
                tasks,
                (task, scratch) -> new ScanChunk(dims, in, resets, task, a, scratch)
                        .contributeGradients(dy, stateGradients, carries));
        workers.run(
                resets.batch() * heads,
                (task, scratch) -> carryBackward(dims, task / heads, task % heads, chunks, memory, scratch));
        // Per chunk: the sums of A's gradient, then those of the skip's.
        perChunk.reset(tasks, 2 * heads);
        workers.run(tasks, (task, scratch) -> {
            ScanChunk chunk = new ScanChunk(dims, in, resets, task, a, scratch);
            chunk.gradients(memory, stateGradients, carryGradients, skip, dy, out, perChunk);
        });
        for (int head = 0; head < heads; head++) {
            // A = -exp(aLog), so that dA / daLog = A.
            perChunk.addTo(out.aLog().columns(head, head + 1), tasks, head, a[head]);
        }
        perChunk.addTo(out.dSkip(), tasks, heads, 1);
    }

    /** Replaces each chunk's contribution by the gradient of the state behind the chunk. */
    private void carryBackward(Dims dims, int sequence, int head, int chunks, Tensor memory, Scratch scratch) {
        int size = dims.dHead() * dims.dState();
        float[] behind = scratch.array(0, size);
        float[] own = scratch.array(1, size);
        float[] state = scratch.array(2, size);
        Arrays.fill(behind, 0, size, 0);
        for (int chunk = chunks - 1; chunk >= 0; chunk--) {
            int task = sequence * chunks + chunk;
            int at = task * dims.nHeads() + head;
            stateGradients.read(task, head * size, own, 0, size);
            stateGradients.write(task, head * size, behind, 0, size);
            memory.read(task, head * size, state, 0, size);
            carryGradients[at] = carries[at] * FloatMath.dot(behind, 0, state, 0, size);
            for (int i = 0; i < size; i++) {
                behind[i] = carries[at] * behind[i] + own[i];
            }
        }
    }

    static float[] decayRates(Inputs in) {
        float[] a = in.aLog().toFloats();
        for (int head = 0; head < a.length; head++) {
            a[head] = (float) -StrictMath.exp(a[head]);
        }
        return a;
    }

    private void reserve(int size) {
        if (carries.length < size) {
            carries = new float[size];
            carryGradients = new float[size];
        }
    }
}
