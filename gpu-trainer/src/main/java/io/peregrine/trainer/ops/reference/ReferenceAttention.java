package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;

/** Query by query over its keys. */
final class ReferenceAttention implements AttentionOps {
    @Override
    public void rotate(Tensor x, int headDim, double base, double scale, int seqLen, int firstPosition) {
        for (int row = 0; row < x.rows(); row++) {
            rotateRow(x, row, headDim, base, scale, firstPosition + row % seqLen);
        }
    }

    @Override
    public void rotateBackward(Tensor dx, int headDim, double base, double scale, int seqLen) {
        for (int row = 0; row < dx.rows(); row++) {
            rotateRow(dx, row, headDim, base, scale, -(row % seqLen));
        }
    }

    private static void rotateRow(Tensor x, int row, int headDim, double base, double scale, int position) {
        int half = headDim / 2;
        for (int head = 0; head < x.columns() / headDim; head++) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(base, -2.0 * i / headDim);
                double cos = Math.cos(angle);
                double sin = Math.sin(angle);
                int first = head * headDim + i;
                double v1 = scale * x.get(row, first);
                double v2 = scale * x.get(row, first + half);
                x.set(row, first, v1 * cos - v2 * sin);
                x.set(row, first + half, v2 * cos + v1 * sin);
            }
        }
    }

    @Override
    public void forward(Dims dims, Tensor q, Tensor k, Tensor v, Segments segments, Tensor out, Tensor logSumExp) {
        for (int sequence = 0; sequence < segments.batch(); sequence++) {
            int first = sequence * segments.seqLen();
            for (int t = 0; t < segments.seqLen(); t++) {
                int from = first + segments.start(sequence, t);
                for (int head = 0; head < dims.numHeads(); head++) {
                    double lse = attend(dims, q, first + t, k, v, from, first + t, head, out);
                    logSumExp.set(first + t, head, lse);
                }
            }
        }
    }

    /** One token: see {@link ReferenceDecode}. */
    static void step(Dims dims, Tensor q, Tensor keys, Tensor values, Tensor out) {
        for (int head = 0; head < dims.numHeads(); head++) {
            attend(dims, q, 0, keys, values, 0, keys.rows() - 1, head, out);
        }
    }

    /** One query over the keys {@code from} to {@code to}, both inclusive; the logarithm of the softmax's sum. */
    private static double attend(
            Dims dims, Tensor q, int row, Tensor k, Tensor v, int from, int to, int head, Tensor out) {
        double[] scores = new double[to - from + 1];
        double max = Double.NEGATIVE_INFINITY;
        for (int s = from; s <= to; s++) {
            scores[s - from] = score(dims, q, row, k, s, head);
            max = Math.max(max, scores[s - from]);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - max);
            sum += scores[i];
        }
        int firstValue = keyHead(dims, head) * dims.headDim();
        for (int i = 0; i < dims.headDim(); i++) {
            double mean = 0;
            for (int s = from; s <= to; s++) {
                mean += scores[s - from] * v.get(s, firstValue + i);
            }
            out.set(row, head * dims.headDim() + i, mean / sum);
        }
        return max + Math.log(sum);
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
        int headDim = dims.headDim();
        double root = Math.sqrt(headDim);
        double[] dks = new double[k.rows() * k.columns()];
        double[] dvs = new double[v.rows() * v.columns()];
        for (int sequence = 0; sequence < segments.batch(); sequence++) {
            int first = sequence * segments.seqLen();
            for (int t = 0; t < segments.seqLen(); t++) {
                int row = first + t;
                for (int head = 0; head < dims.numHeads(); head++) {
                    int firstQ = head * headDim;
                    int firstK = keyHead(dims, head) * headDim;
                    double inner = 0;
                    for (int i = 0; i < headDim; i++) {
                        inner += dOut.get(row, firstQ + i) * out.get(row, firstQ + i);
                    }
                    double[] dqs = new double[headDim];
                    for (int s = first + segments.start(sequence, t); s <= row; s++) {
                        double p = Math.exp(score(dims, q, row, k, s, head) - logSumExp.get(row, head));
                        double dp = 0;
                        for (int i = 0; i < headDim; i++) {
                            dp += dOut.get(row, firstQ + i) * v.get(s, firstK + i);
                            dvs[s * v.columns() + firstK + i] += p * dOut.get(row, firstQ + i);
                        }
                        double dScore = p * (dp - inner) / root;
                        for (int i = 0; i < headDim; i++) {
                            dqs[i] += dScore * k.get(s, firstK + i);
                            dks[s * k.columns() + firstK + i] += dScore * q.get(row, firstQ + i);
                        }
                    }
                    for (int i = 0; i < headDim; i++) {
                        dq.set(row, firstQ + i, dqs[i]);
                    }
                }
            }
        }
        Values.store(dks, dk);
        Values.store(dvs, dv);
    }

    private static double score(Dims dims, Tensor q, int row, Tensor k, int s, int head) {
        int firstQ = head * dims.headDim();
        int firstK = keyHead(dims, head) * dims.headDim();
        double dot = 0;
        for (int i = 0; i < dims.headDim(); i++) {
            dot += q.get(row, firstQ + i) * k.get(s, firstK + i);
        }
        return dot / Math.sqrt(dims.headDim());
    }

    private static int keyHead(Dims dims, int head) {
        return head / (dims.numHeads() / dims.numKeyValueHeads());
    }
}
