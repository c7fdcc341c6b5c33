package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/**
 * Causal attention with grouped keys and values, and rotary positions.
 *
 * <p>Query head {@code j} reads key and value head {@code j / (numHeads / numKeyValueHeads)}; scores are divided by
 * {@code sqrt(headDim)}.
 */
public interface AttentionOps {
    /**
     * Sizes of an attention.
     *
     * @param numHeads query heads, a multiple of {@code numKeyValueHeads}
     * @param numKeyValueHeads heads of keys and values
     * @param headDim channels per head, even
     */
    record Dims(int numHeads, int numKeyValueHeads, int headDim) {}

    /**
     * Multiplies by {@code scale} and rotates each head by its position, in place. Halves are paired, not neighbours:
     * with {@code v = (v1, v2)}, {@code (v1 cos - v2 sin, v2 cos + v1 sin)}, angle {@code position * base^(-2i/headDim)}.
     *
     * @param x {@code (rows, heads * headDim)}; row {@code i} has position {@code firstPosition + i mod seqLen}
     */
    void rotate(Tensor x, int headDim, double base, double scale, int seqLen, int firstPosition);

    /**
     * {@link #rotate} of queries and keys side by side, the keys scaled.
     *
     * @param qk {@code (rows, (numHeads + numKeyValueHeads) * headDim)}
     */
    default void rotate(Dims dims, Tensor qk, double base, double keyScale, int seqLen, int firstPosition) {
        int keys = dims.numHeads() * dims.headDim();
        rotate(qk.columns(0, keys), dims.headDim(), base, 1, seqLen, firstPosition);
        rotate(qk.columns(keys, qk.columns()), dims.headDim(), base, keyScale, seqLen, firstPosition);
    }

    /** Gradient of the rotation of queries and keys, in place. */
    default void rotateBackward(Dims dims, Tensor dQk, double base, double keyScale, int seqLen) {
        int keys = dims.numHeads() * dims.headDim();
        rotateBackward(dQk.columns(0, keys), dims.headDim(), base, 1, seqLen);
        rotateBackward(dQk.columns(keys, dQk.columns()), dims.headDim(), base, keyScale, seqLen);
    }

    /** Gradient of {@link #rotate}, in place: the same factor, the opposite angle. */
    void rotateBackward(Tensor dx, int headDim, double base, double scale, int seqLen);

    /**
     * {@code out = softmax(q k^T / sqrt(headDim)) v}, each token over its own document up to itself.
     *
     * @param q {@code (batch * seqLen, numHeads * headDim)}
     * @param k {@code (batch * seqLen, numKeyValueHeads * headDim)}
     * @param v {@code (batch * seqLen, numKeyValueHeads * headDim)}
     * @param out {@code (batch * seqLen, numHeads * headDim)}, overwritten
     * @param logSumExp of the scores, {@code (batch * seqLen, numHeads)}, overwritten
     */
    void forward(Dims dims, Tensor q, Tensor k, Tensor v, Segments segments, Tensor out, Tensor logSumExp);

    /**
     * Gradient of {@link #forward}.
     *
     * @param out as {@link #forward} left it
     * @param logSumExp as {@link #forward} left it
     * @param dOut {@code (batch * seqLen, numHeads * headDim)}
     * @param dq like {@code q}, overwritten
     * @param dk like {@code k}, overwritten
     * @param dv like {@code v}, overwritten
     */
    void backward(
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
            Tensor dv);
}
