package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/** Rows of a table by token id. */
public interface EmbeddingOps {
    /**
     * {@code out[i] = multiplier * table[ids[i]]}.
     *
     * @param table {@code (vocab, hidden)}
     * @param ids {@code (rows)}, each in {@code [0, vocab)}
     * @param out {@code (rows, hidden)}, overwritten
     */
    void forward(Tensor table, int[] ids, double multiplier, Tensor out);

    /**
     * {@code dTable[ids[i]] += multiplier * dOut[i]}, except for the padding id, whose row gets nothing.
     *
     * @param dOut {@code (rows, hidden)}
     * @param paddingId the id without a gradient, or -1
     * @param dTable {@code (vocab, hidden)}, added to
     */
    void backward(Tensor dOut, int[] ids, double multiplier, int paddingId, Tensor dTable);
}
