package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/** Cross-entropy of the next token, in nats. */
public interface LossOps {
    /** Marks a row that predicts nothing. */
    int NO_TARGET = -1;

    /** How many logits these operations want in memory at a time. */
    default int logitsAtOnce() {
        return 1 << 24;
    }

    /**
     * Sum over rows with a target of {@code logsumexp(logits) - logits[target]}.
     *
     * @param logits {@code (rows, vocab)}
     * @param targets of these rows are {@code targets[firstRow ...]}, or {@link #NO_TARGET}
     */
    double loss(Tensor logits, int[] targets, int firstRow);

    /**
     * The same sum; overwrites the logits with {@code gradScale} times its gradient, 0 in rows without a target.
     *
     * @param logits {@code (rows, vocab)}, overwritten
     */
    double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale);
}
