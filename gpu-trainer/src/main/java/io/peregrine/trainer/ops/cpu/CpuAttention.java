package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;

/**
 * Blocks of queries over all keys that one of them may see: scores, probabilities and their gradients are matrices of
 * {@code (queries, keys)} that stay in the cache. Forward, one task per sequence and query head; backward, one per
 * sequence and key head, because the query heads of a group add to the same keys.
 */
final class CpuAttention implements AttentionOps {
    /** Queries of a block. */
    private static final int BLOCK = 128;

    private final Workers workers;
    private final Rotation rotation;

    CpuAttention(Workers workers) {
        this.workers = workers;
        this.rotation = new Rotation(workers);
    }

    @Override
    public void rotate(Tensor x, int headDim, double base, double scale, int seqLen, int firstPosition) {
        rotation.apply(x, headDim, base, scale, seqLen, firstPosition, 1);
    }

    @Override
    public void rotateBackward(Tensor dx, int headDim, double base, double scale, int seqLen) {
        rotation.apply(dx, headDim, base, scale, seqLen, 0, -1);
    }

    @Override
    public void forward(Dims dims, Tensor q, Tensor k, Tensor v, Segments segments, Tensor out, Tensor logSumExp) {
        int headDim = dims.headDim();
        float scale = (float) (1 / Math.sqrt(headDim));
        workers.run(segments.batch() * dims.numHeads(), (task, scratch) -> {
            int sequence = task / dims.numHeads();
            int head = task % dims.numHeads();
            int firstQ = head * headDim;
            int firstK = keyHead(dims, head) * headDim;
            for (int from = 0; from < segments.seqLen(); from += BLOCK) {
                Block block = new Block(segments, sequence, from);
                Scratch.Native scores = scratch.outside(0, block.queries * block.keys);
                scratch.blas()
                        .nt(
                                block.queries,
                                block.keys,
                                headDim,
                                scale,
                                Blas.address(q, block.row(0), firstQ),
                                q.stride(),
                                Blas.address(k, block.firstKeyRow, firstK),
                                k.stride(),
                                0,
                                scores.address(),
                                block.keys);
                for (int i = 0; i < block.queries; i++) {
                    float lse = softmax(block, i, scores, scratch);
                    logSumExp.set(block.row(i), head, lse);
                }
                scratch.blas()
                        .nn(
                                block.queries,
                                headDim,
                                block.keys,
                                1,
                                scores.address(),
                                block.keys,
                                Blas.address(v, block.firstKeyRow, firstK),
                                v.stride(),
                                0,
                                Blas.address(out, block.row(0), firstQ),
                                out.stride());
            }
        });
    }

    /** Turns one row of scores into probabilities, 0 outside the query's document; the logarithm of their sum. */
    private static float softmax(Block block, int query, Scratch.Native scores, Scratch scratch) {
        int from = block.firstKey(query);
        int count = block.keysOf(query);
        float[] row = scratch.array(0, block.keys);
        float[] x = scratch.array(1, block.keys);
        scores.buffer().get(query * block.keys + from, x, 0, count);
        float max = FloatMath.max(x, 0, count);
        for (int i = 0; i < count; i++) {
            x[i] -= max;
        }
        FloatMath.exp(x, x, count, scratch.array(2, count));
        float sum = FloatMath.sum(x, 0, count);
        float inverse = 1 / sum;
        Arrays.fill(row, 0, block.keys, 0);
        for (int i = 0; i < count; i++) {
            row[from + i] = x[i] * inverse;
        }
        scores.buffer().put(query * block.keys, row, 0, block.keys);
        return (float) (max + StrictMath.log(sum));
    }

    @Override
    public void backward(
            Dims dims,
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            Tensor out,
            Tensor logSumExp,
            Tensor dOut,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        int perKey = dims.numHeads() / dims.numKeyValueHeads();
        workers.run(segments.batch() * dims.numKeyValueHeads(), (task, scratch) -> {
            int sequence = task / dims.numKeyValueHeads();
            int keyHead = task % dims.numKeyValueHeads();
            clear(dk, segments, sequence, keyHead * dims.headDim(), dims.headDim(), scratch);
            clear(dv, segments, sequence, keyHead * dims.headDim(), dims.headDim(), scratch);
            for (int head = keyHead * perKey; head < (keyHead + 1) * perKey; head++) {
                for (int from = 0; from < segments.seqLen(); from += BLOCK) {
                    Block block = new Block(segments, sequence, from);
                    backwardBlock(dims, block, head, q, k, v, out, logSumExp, dOut, dq, dk, dv, scratch);
                }
            }
        });
    }

    private static void backwardBlock(
            Dims dims,
            Block block,
            int head,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor out,
            Tensor logSumExp,
            Tensor dOut,
            Tensor dq,
            Tensor dk,
            Tensor dv,
            Scratch scratch) {
        int headDim = dims.headDim();
        int firstQ = head * headDim;
        int firstK = keyHead(dims, head) * headDim;
        int queries = block.queries;
        int keys = block.keys;
        float scale = (float) (1 / Math.sqrt(headDim));
        Scratch.Native p = scratch.outside(0, queries * keys);
        Scratch.Native ds = scratch.outside(1, queries * keys);
        long atQ = Blas.address(q, block.row(0), firstQ);
        long atK = Blas.address(k, block.firstKeyRow, firstK);
        long atV = Blas.address(v, block.firstKeyRow, firstK);
        long atDOut = Blas.address(dOut, block.row(0), firstQ);
        Blas blas = scratch.blas();
        blas.nt(queries, keys, headDim, scale, atQ, q.stride(), atK, k.stride(), 0, p.address(), keys);
        blas.nt(queries, keys, headDim, 1, atDOut, dOut.stride(), atV, v.stride(), 0, ds.address(), keys);
        for (int i = 0; i < queries; i++) {
            float[] o = scratch.array(0, headDim);
            float[] d = scratch.array(1, headDim);
            out.read(block.row(i), firstQ, o, 0, headDim);
            dOut.read(block.row(i), firstQ, d, 0, headDim);
            float inner = FloatMath.dot(o, 0, d, 0, headDim);
            softmaxGradient(block, i, (float) logSumExp.get(block.row(i), head), inner, p, ds, scratch);
        }
        long atDq = Blas.address(dq, block.row(0), firstQ);
        long atDk = Blas.address(dk, block.firstKeyRow, firstK);
        long atDv = Blas.address(dv, block.firstKeyRow, firstK);
        blas.nn(queries, headDim, keys, scale, ds.address(), keys, atK, k.stride(), 0, atDq, dq.stride());
        blas.tn(keys, headDim, queries, scale, ds.address(), keys, atQ, q.stride(), 1, atDk, dk.stride());
        blas.tn(keys, headDim, queries, 1, p.address(), keys, atDOut, dOut.stride(), 1, atDv, dv.stride());
    }

    /** Turns a row of scores in {@code p} into probabilities and one of their gradients in {@code ds} into that of scores. */
    private static void softmaxGradient(
            Block block, int query, float lse, float inner, Scratch.Native p, Scratch.Native ds, Scratch scratch) {
        int from = block.firstKey(query);
        int count = block.keysOf(query);
        int keys = block.keys;
        float[] x = scratch.array(2, keys);
        float[] g = scratch.array(3, keys);
        float[] row = scratch.array(4, keys);
        p.buffer().get(query * keys + from, x, 0, count);
        ds.buffer().get(query * keys + from, g, 0, count);
        for (int i = 0; i < count; i++) {
            x[i] -= lse;
        }
        FloatMath.exp(x, x, count, scratch.array(5, count));
        Arrays.fill(row, 0, keys, 0);
        System.arraycopy(x, 0, row, from, count);
        p.buffer().put(query * keys, row, 0, keys);
        for (int i = 0; i < count; i++) {
            row[from + i] = x[i] * (g[i] - inner);
        }
        ds.buffer().put(query * keys, row, 0, keys);
    }

    private static void clear(Tensor x, Segments segments, int sequence, int column, int count, Scratch scratch) {
        float[] zeros = scratch.array(0, count);
        Arrays.fill(zeros, 0, count, 0);
        for (int t = 0; t < segments.seqLen(); t++) {
            x.write(sequence * segments.seqLen() + t, column, zeros, 0, count);
        }
    }

    static int keyHead(Dims dims, int head) {
        return head / (dims.numHeads() / dims.numKeyValueHeads());
    }

    /** Some queries that follow each other, and the keys from the first that one of them may see to the last's own. */
    private static final class Block {
        private final Segments segments;
        private final int sequence;
        private final int from;
        private final int firstKeyPosition;

        final int queries;
        final int keys;
        final int firstKeyRow;

        Block(Segments segments, int sequence, int from) {
            this.segments = segments;
            this.sequence = sequence;
            this.from = from;
            this.queries = Math.min(segments.seqLen() - from, BLOCK);
            this.firstKeyPosition = segments.start(sequence, from);
            this.keys = from + queries - firstKeyPosition;
            this.firstKeyRow = sequence * segments.seqLen() + firstKeyPosition;
        }

        int row(int query) {
            return sequence * segments.seqLen() + from + query;
        }

        /** The first key of a query, counted from the block's first. */
        int firstKey(int query) {
            return segments.start(sequence, from + query) - firstKeyPosition;
        }

        int keysOf(int query) {
            return from + query + 1 - segments.start(sequence, from + query);
        }
    }
}
