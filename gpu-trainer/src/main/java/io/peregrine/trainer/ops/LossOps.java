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
    default double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale) {
        return lossAndGradient(logits, targets, firstRow, gradScale, 0);
    }

    /**
     * As above with the gradient of {@code zLoss * logsumexp(logits)^2} in each row with a target added to it, which keeps
     * the logits from drifting; the sum that is returned is without it.
     *
     * @param zLoss at least 0
     * @see <a href="https://arxiv.org/abs/2204.02311">PaLM</a>, section 5
     */
    double lossAndGradient(Tensor logits, int[] targets, int firstRow, double gradScale, double zLoss);
}
