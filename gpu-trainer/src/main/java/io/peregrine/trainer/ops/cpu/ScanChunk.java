package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/**
 * One chunk of one sequence, in the thread that works on it. Per head, with {@code cs} the running sum of {@code dt A +
 * bias} inside the chunk, {@code X = dt x} and {@code G = C B^T} (one for all heads of a group):
 *
 * <pre>
 * L_ts = exp(cs_t - cs_s)   for s <= t of one document       e_t = exp(cs_t)         if t's document began before the chunk
 * w_s  = exp(cs_end - cs_s) if s is of the last document     f   = exp(cs_end)       if that one began before the chunk
 *
 * y = (G * L) X + e (C S_before^T) + dSkip x                 S_behind = f S_before + (w X)^T B
 * </pre>
 *
 * The gradients follow by the product rule; those of {@code cs} are gathered from row and column sums of one matrix,
 * because differences of rounded outputs would lose them. Masks are zeros, so that no exponent is ever positive.
 */
final class ScanChunk {
    private static final int SLOT_X = 0;
    private static final int SLOT_XW = 1;
    private static final int SLOT_DY = 2;
    private static final int SLOT_SCORES = 3;
    private static final int SLOT_HEAD = 4;
    private static final int SLOT_WIDE = 5;
    private static final int SLOT_DX = 6;
    private static final int SLOT_DSCORES = 7;

    private final ScanOps.Dims dims;
    private final ScanOps.Inputs in;
    private final Scratch scratch;
    private final Blas blas;
    private final int task;
    private final int firstRow;
    /** Tokens of this chunk. */
    private final int length;
    /** {@code nHeads * dHead}. */
    private final int width;

    private final int groupWidth;
    private final int headsPerGroup;
    /** First token of each token's document, counted from the chunk's first; negative when it began before. */
    private final int[] starts;
    /** Step sizes and running sums, {@code (nHeads, length)}. */
    private final float[] dt;

    /** In double: a decay to almost nothing must not cost the differences behind it their last digits. */
    private final double[] cs;

    ScanChunk(ScanOps.Dims dims, ScanOps.Inputs in, Resets resets, int task, float[] a, Scratch scratch) {
        this.dims = dims;
        this.in = in;
        this.scratch = scratch;
        this.blas = scratch.blas();
        this.task = task;
        int chunks = count(dims, resets.seqLen());
        int sequence = task / chunks;
        int from = task % chunks * dims.chunkSize();
        this.firstRow = sequence * resets.seqLen() + from;
        this.length = Math.min(dims.chunkSize(), resets.seqLen() - from);
        this.width = dims.nHeads() * dims.dHead();
        this.headsPerGroup = dims.nHeads() / dims.nGroups();
        this.groupWidth = headsPerGroup * dims.dHead();
        this.starts = new int[length];
        for (int t = 0; t < length; t++) {
            starts[t] = resets.segments().start(sequence, from + t) - from;
        }
        int heads = dims.nHeads();
        this.dt = scratch.array(0, heads * length);
        this.cs = scratch.doubles(0, heads * length);
        float[] row = scratch.array(2, heads);
        for (int t = 0; t < length; t++) {
            in.dt().read(firstRow + t, 0, row, 0, heads);
            float bias = (float) resets.bias(sequence, from + t);
            for (int head = 0; head < heads; head++) {
                int at = head * length + t;
                dt[at] = row[head];
                cs[at] = (t == 0 ? 0 : cs[at - 1]) + ((double) row[head] * a[head] + bias);
            }
        }
    }

    /** Chunks of a sequence. */
    static int count(ScanOps.Dims dims, int seqLen) {
        return (seqLen + dims.chunkSize() - 1) / dims.chunkSize();
    }

    /** Writes {@code (w X)^T B} to this chunk's row of {@code states} and {@code f} to {@code carries}. */
    void contribute(Tensor states, float[] carries) {
        Scratch.Native xw = weightedInputs();
        for (int group = 0; group < dims.nGroups(); group++) {
            long into = Blas.address(states, task, group * groupWidth * dims.dState());
            blas.tn(
                    groupWidth,
                    dims.dState(),
                    length,
                    1,
                    at(xw, group * groupWidth),
                    width,
                    addressB(group),
                    in.b().stride(),
                    0,
                    into,
                    dims.dState());
        }
        carries(carries);
    }

    /** Writes the chunk's outputs. {@code states} holds the state before each chunk. */
    void outputs(Tensor states, float[] skip, Tensor y) {
        Scratch.Native x = scaledInputs();
        Scratch.Native off = fromState(states);
        Scratch.Native masked = scratch.outside(SLOT_HEAD, length * length);
        float[] products = scratch.array(3, length * length);
        float[] decays = scratch.array(4, length * length);
        for (int head = 0; head < dims.nHeads(); head++) {
            if (head % headsPerGroup == 0) {
                scores(head / headsPerGroup, products);
            }
            decays(head, decays);
            for (int i = 0; i < length * length; i++) {
                decays[i] *= products[i];
            }
            masked.buffer().put(0, decays, 0, length * length);
            int column = head * dims.dHead();
            blas.nn(
                    length,
                    dims.dHead(),
                    length,
                    1,
                    masked.address(),
                    length,
                    at(x, column),
                    width,
                    0,
                    Blas.address(y, firstRow, column),
                    y.stride());
        }
        float[] e = scratch.array(5, dims.nHeads() * length);
        entryDecays(e);
        float[] ys = scratch.array(6, width);
        float[] offs = scratch.array(7, width);
        float[] xs = scratch.array(8, width);
        for (int t = 0; t < length; t++) {
            y.read(firstRow + t, 0, ys, 0, width);
            in.x().read(firstRow + t, 0, xs, 0, width);
            off.buffer().get(t * width, offs, 0, width);
            for (int head = 0; head < dims.nHeads(); head++) {
                float entry = e[head * length + t];
                float through = skip[head];
                for (int i = head * dims.dHead(); i < (head + 1) * dims.dHead(); i++) {
                    ys[i] += entry * offs[i] + through * xs[i];
                }
            }
            y.write(firstRow + t, 0, ys, 0, width);
        }
    }

    /** Writes {@code (e dy)^T C}, the gradient that reaches the state before the chunk directly, and {@code f}. */
    void contributeGradients(Tensor dy, Tensor stateGradients, float[] carries) {
        Scratch.Native edy = weightedGradients(dy);
        for (int group = 0; group < dims.nGroups(); group++) {
            long into = Blas.address(stateGradients, task, group * groupWidth * dims.dState());
            blas.tn(
                    groupWidth,
                    dims.dState(),
                    length,
                    1,
                    at(edy, group * groupWidth),
                    width,
                    addressC(group),
                    in.c().stride(),
                    0,
                    into,
                    dims.dState());
        }
        carries(carries);
    }

    /**
     * Writes the gradients of the chunk's inputs.
     *
     * @param states the state before each chunk
     * @param stateGradients the gradient of the state behind each chunk
     * @param carryGradients {@code f <dS_behind, S_before>} of each chunk and head
     * @param sums this chunk's row gets {@code dA} and {@code dSkip} of each head
     */
    void gradients(
            Tensor states,
            Tensor stateGradients,
            float[] carryGradients,
            float[] skip,
            Tensor dy,
            ScanOps.Gradients out,
            Partials sums) {
        int heads = dims.nHeads();
        int square = length * length;
        double[] dcs = scratch.doubles(1, heads * length);
        throughStates(states, stateGradients, carryGradients, dy, out, dcs);

        Scratch.Native x = scaledInputs();
        Scratch.Native dx = scratch.outside(SLOT_DX, length * width);
        Scratch.Native masked = scratch.outside(SLOT_HEAD, square);
        Scratch.Native dScores = scratch.outside(SLOT_DSCORES, square);
        float[] products = scratch.array(3, square);
        float[] decays = scratch.array(4, square);
        float[] outer = scratch.array(10, square);
        float[] dProducts = scratch.array(11, square);
        for (int head = 0; head < heads; head++) {
            int group = head / headsPerGroup;
            if (head % headsPerGroup == 0) {
                scores(group, products);
                Arrays.fill(dProducts, 0, square, 0);
            }
            int column = head * dims.dHead();
            long dys = Blas.address(dy, firstRow, column);
            blas.nt(
                    length,
                    length,
                    dims.dHead(),
                    1,
                    dys,
                    dy.stride(),
                    at(x, column),
                    width,
                    0,
                    masked.address(),
                    length);
            masked.buffer().get(0, outer, 0, square);
            decays(head, decays);
            for (int i = 0; i < square; i++) {
                dProducts[i] += decays[i] * outer[i];
                decays[i] *= products[i];
                outer[i] *= decays[i];
            }
            masked.buffer().put(0, decays, 0, square);
            blas.tn(
                    length,
                    dims.dHead(),
                    length,
                    1,
                    masked.address(),
                    length,
                    dys,
                    dy.stride(),
                    1,
                    at(dx, column),
                    width);
            addRowMinusColumnSums(outer, dcs, head * length);
            if (head % headsPerGroup == headsPerGroup - 1) {
                dScores.buffer().put(0, dProducts, 0, square);
                throughScores(group, dScores, out);
            }
        }
        finish(dx, dcs, skip, dy, out, sums);
    }

    /** The part of the gradients that passes through the states before and behind the chunk. */
    private void throughStates(
            Tensor states,
            Tensor stateGradients,
            float[] carryGradients,
            Tensor dy,
            ScanOps.Gradients out,
            double[] dcs) {
        int heads = dims.nHeads();
        int dState = dims.dState();
        Scratch.Native xw = weightedInputs();
        Scratch.Native edy = weightedGradients(dy);
        Scratch.Native off = fromState(states);
        Scratch.Native dx = scratch.outside(SLOT_DX, length * width);
        for (int group = 0; group < dims.nGroups(); group++) {
            int column = group * groupWidth;
            long before = Blas.address(states, task, column * dState);
            long behind = Blas.address(stateGradients, task, column * dState);
            long dB = Blas.address(out.b(), firstRow, group * dState);
            long dC = Blas.address(out.c(), firstRow, group * dState);
            blas.nt(
                    length,
                    groupWidth,
                    dState,
                    1,
                    addressB(group),
                    in.b().stride(),
                    behind,
                    dState,
                    0,
                    at(dx, column),
                    width);
            blas.nn(
                    length,
                    dState,
                    groupWidth,
                    1,
                    at(xw, column),
                    width,
                    behind,
                    dState,
                    0,
                    dB,
                    out.b().stride());
            blas.nn(
                    length,
                    dState,
                    groupWidth,
                    1,
                    at(edy, column),
                    width,
                    before,
                    dState,
                    0,
                    dC,
                    out.c().stride());
        }
        float[] w = scratch.array(5, heads * length);
        exitDecays(w);
        float[] dxs = scratch.array(6, width);
        float[] offs = scratch.array(7, width);
        float[] xws = scratch.array(8, width);
        float[] edys = scratch.array(12, width);
        double[] last = scratch.doubles(2, heads);
        Arrays.fill(last, 0, heads, 0);
        for (int t = 0; t < length; t++) {
            dx.buffer().get(t * width, dxs, 0, width);
            off.buffer().get(t * width, offs, 0, width);
            xw.buffer().get(t * width, xws, 0, width);
            edy.buffer().get(t * width, edys, 0, width);
            for (int head = 0; head < heads; head++) {
                int from = head * dims.dHead();
                float entered = FloatMath.dot(edys, from, offs, from, dims.dHead());
                float left = FloatMath.dot(xws, from, dxs, from, dims.dHead());
                dcs[head * length + t] = (double) entered - left;
                last[head] += left;
                float exit = w[head * length + t];
                for (int i = from; i < from + dims.dHead(); i++) {
                    dxs[i] *= exit;
                }
            }
            dx.buffer().put(t * width, dxs, 0, width);
        }
        for (int head = 0; head < heads; head++) {
            dcs[head * length + length - 1] += last[head] + carryGradients[task * heads + head];
        }
    }

    /** {@code dC += dG B} and {@code dB += dG^T C}. */
    private void throughScores(int group, Scratch.Native dScores, ScanOps.Gradients out) {
        int dState = dims.dState();
        long dB = Blas.address(out.b(), firstRow, group * dState);
        long dC = Blas.address(out.c(), firstRow, group * dState);
        long scores = dScores.address();
        blas.nn(
                length,
                dState,
                length,
                1,
                scores,
                length,
                addressB(group),
                in.b().stride(),
                1,
                dC,
                out.c().stride());
        blas.tn(
                length,
                dState,
                length,
                1,
                scores,
                length,
                addressC(group),
                in.c().stride(),
                1,
                dB,
                out.b().stride());
    }

    /** From the gradients of {@code X} and {@code cs} to those of {@code x}, {@code dt}, {@code A} and the skip. */
    private void finish(
            Scratch.Native dx, double[] dcs, float[] skip, Tensor dy, ScanOps.Gradients out, Partials sums) {
        int heads = dims.nHeads();
        float[] a = scratch.array(14, heads);
        in.aLog().read(0, 0, a, 0, heads);
        int sumA = sums.start(task);
        float[] into = sums.values();
        for (int head = 0; head < heads; head++) {
            a[head] = (float) -StrictMath.exp(a[head]);
            double da = 0;
            double dA = 0;
            for (int t = length - 1; t >= 0; t--) {
                int at = head * length + t;
                da += dcs[at];
                dA += dt[at] * da;
                dcs[at] = a[head] * da;
            }
            into[sumA + head] = (float) dA;
        }
        float[] dxs = scratch.array(6, width);
        float[] dys = scratch.array(7, width);
        float[] xs = scratch.array(8, width);
        float[] dDt = scratch.array(12, heads);
        for (int t = 0; t < length; t++) {
            dx.buffer().get(t * width, dxs, 0, width);
            dy.read(firstRow + t, 0, dys, 0, width);
            in.x().read(firstRow + t, 0, xs, 0, width);
            for (int head = 0; head < heads; head++) {
                int from = head * dims.dHead();
                float step = dt[head * length + t];
                float through = skip[head];
                dDt[head] = (float) dcs[head * length + t] + FloatMath.dot(dxs, from, xs, from, dims.dHead());
                into[sumA + heads + head] += FloatMath.dot(dys, from, xs, from, dims.dHead());
                for (int i = from; i < from + dims.dHead(); i++) {
                    dxs[i] = step * dxs[i] + through * dys[i];
                }
            }
            out.x().write(firstRow + t, 0, dxs, 0, width);
            out.dt().write(firstRow + t, 0, dDt, 0, heads);
        }
    }

    /** {@code X = dt x}, {@code (length, width)}. */
    private Scratch.Native scaledInputs() {
        return weighted(in.x(), dt, SLOT_X);
    }

    /** {@code w X}, {@code (length, width)}. */
    private Scratch.Native weightedInputs() {
        float[] w = scratch.array(5, dims.nHeads() * length);
        exitDecays(w);
        for (int i = 0; i < dims.nHeads() * length; i++) {
            w[i] *= dt[i];
        }
        return weighted(in.x(), w, SLOT_XW);
    }

    /** {@code e dy}, {@code (length, width)}. */
    private Scratch.Native weightedGradients(Tensor dy) {
        float[] e = scratch.array(5, dims.nHeads() * length);
        entryDecays(e);
        return weighted(dy, e, SLOT_DY);
    }

    private Scratch.Native weighted(Tensor x, float[] weights, int slot) {
        Scratch.Native into = scratch.outside(slot, length * width);
        float[] row = scratch.array(6, width);
        for (int t = 0; t < length; t++) {
            x.read(firstRow + t, 0, row, 0, width);
            for (int head = 0; head < dims.nHeads(); head++) {
                float weight = weights[head * length + t];
                for (int i = head * dims.dHead(); i < (head + 1) * dims.dHead(); i++) {
                    row[i] *= weight;
                }
            }
            into.buffer().put(t * width, row, 0, width);
        }
        return into;
    }

    /** {@code C S_before^T}, {@code (length, width)}. */
    private Scratch.Native fromState(Tensor states) {
        int dState = dims.dState();
        Scratch.Native off = scratch.outside(SLOT_WIDE, length * width);
        for (int group = 0; group < dims.nGroups(); group++) {
            int column = group * groupWidth;
            long before = Blas.address(states, task, column * dState);
            blas.nt(
                    length,
                    groupWidth,
                    dState,
                    1,
                    addressC(group),
                    in.c().stride(),
                    before,
                    dState,
                    0,
                    at(off, column),
                    width);
        }
        return off;
    }

    /** {@code G = C B^T} of a group, {@code (length, length)}. */
    private void scores(int group, float[] products) {
        Scratch.Native scores = scratch.outside(SLOT_SCORES, length * length);
        blas.nt(
                length,
                length,
                dims.dState(),
                1,
                addressC(group),
                in.c().stride(),
                addressB(group),
                in.b().stride(),
                0,
                scores.address(),
                length);
        scores.buffer().get(0, products, 0, length * length);
    }

    /** {@code L} of a head, {@code (length, length)}. Exponentials are taken of what is not masked only, in one go. */
    private void decays(int head, float[] decays) {
        float[] packed = scratch.array(16, length * length);
        int first = head * length;
        int count = 0;
        for (int t = 0; t < length; t++) {
            double end = cs[first + t];
            for (int s = Math.max(0, starts[t]); s <= t; s++) {
                packed[count++] = (float) (end - cs[first + s]);
            }
        }
        FloatMath.exp(packed, packed, count, scratch.array(15, count));
        Arrays.fill(decays, 0, length * length, 0);
        int at = 0;
        for (int t = 0; t < length; t++) {
            int from = Math.max(0, starts[t]);
            System.arraycopy(packed, at, decays, t * length + from, t + 1 - from);
            at += t + 1 - from;
        }
    }

    /** {@code e}, {@code (nHeads, length)}. */
    private void entryDecays(float[] e) {
        int size = dims.nHeads() * length;
        for (int i = 0; i < size; i++) {
            e[i] = (float) cs[i];
        }
        FloatMath.exp(e, e, size, scratch.array(15, size));
        for (int i = 0; i < size; i++) {
            e[i] = starts[i % length] < 0 ? e[i] : 0;
        }
    }

    /** {@code w}, {@code (nHeads, length)}. */
    private void exitDecays(float[] w) {
        int size = dims.nHeads() * length;
        for (int head = 0; head < dims.nHeads(); head++) {
            double end = cs[(head + 1) * length - 1];
            for (int i = head * length; i < (head + 1) * length; i++) {
                w[i] = (float) (end - cs[i]);
            }
        }
        FloatMath.exp(w, w, size, scratch.array(15, size));
        for (int i = 0; i < size; i++) {
            w[i] = i % length >= starts[length - 1] ? w[i] : 0;
        }
    }

    /** {@code f} of each head. */
    private void carries(float[] carries) {
        int heads = dims.nHeads();
        float[] ends = scratch.array(5, heads);
        for (int head = 0; head < heads; head++) {
            ends[head] = (float) cs[(head + 1) * length - 1];
        }
        FloatMath.exp(ends, ends, heads, scratch.array(15, heads));
        for (int head = 0; head < heads; head++) {
            carries[task * heads + head] = starts[length - 1] < 0 ? ends[head] : 0;
        }
    }

    /** Adds {@code sum_s M_ts - sum_t M_ts} below the diagonal. */
    private void addRowMinusColumnSums(float[] m, double[] into, int at) {
        for (int t = 1; t < length; t++) {
            double row = 0;
            for (int s = 0; s < t; s++) {
                double product = m[t * length + s];
                row += product;
                into[at + s] -= product;
            }
            into[at + t] += row;
        }
    }

    private static long at(Scratch.Native matrix, int column) {
        return matrix.address() + (long) column * Float.BYTES;
    }

    private long addressB(int group) {
        return Blas.address(in.b(), firstRow, group * dims.dState());
    }

    private long addressC(int group) {
        return Blas.address(in.c(), firstRow, group * dims.dState());
    }
}
