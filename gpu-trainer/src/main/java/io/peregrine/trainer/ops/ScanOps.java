package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/**
 * The selective state space of Mamba-2. With head {@code h} and group {@code h / (nHeads / nGroups)}:
 *
 * <pre>
 * S_t = exp(dt_t A_h + bias_t) S_{t-1} + dt_t x_t (outer) B_t        A_h = -exp(aLog_h)
 * y_t = S_t C_t + dSkip_h x_t
 * </pre>
 *
 * {@link Resets} say before which tokens {@code S} is 0, and at which {@code bias} is not.
 *
 * @see <a href="https://arxiv.org/abs/2405.21060">Mamba-2</a>, section 6
 */
public interface ScanOps {
    /**
     * Sizes of a scan.
     *
     * @param nHeads heads, a multiple of {@code nGroups}
     * @param dHead channels per head
     * @param nGroups groups that share B and C
     * @param dState state numbers per channel
     * @param chunkSize tokens that are worked on at once; the result does not depend on it beyond rounding
     */
    record Dims(int nHeads, int dHead, int nGroups, int dState, int chunkSize) {}

    /**
     * Inputs of a scan, {@code rows = batch * seqLen}.
     *
     * @param x {@code (rows, nHeads * dHead)}
     * @param b {@code (rows, nGroups * dState)}
     * @param c {@code (rows, nGroups * dState)}
     * @param dt step sizes, {@code (rows, nHeads)}
     * @param aLog {@code (nHeads)}
     * @param dSkip {@code (nHeads)}
     */
    record Inputs(Tensor x, Tensor b, Tensor c, Tensor dt, Tensor aLog, Tensor dSkip) {}

    /**
     * Gradients of a scan's inputs, shaped like {@link Inputs}. Those of activations are overwritten, those of parameters
     * are added to.
     */
    record Gradients(Tensor x, Tensor b, Tensor c, Tensor dt, Tensor aLog, Tensor dSkip) {}

    /**
     * {@code dt = clamp(softplus(scale * raw + bias), min, max)}.
     *
     * @param raw {@code (rows, nHeads)}
     * @param bias {@code (nHeads)}
     * @param dt {@code (rows, nHeads)}, overwritten
     */
    void stepSizes(Tensor raw, double scale, Tensor bias, double min, double max, Tensor dt);

    /**
     * Gradient of {@link #stepSizes}; nothing flows where the limit holds.
     *
     * @param dDt {@code (rows, nHeads)}
     * @param dRaw {@code (rows, nHeads)}, overwritten
     * @param dBias {@code (nHeads)}, added to
     */
    void stepSizesBackward(
            Tensor raw, double scale, Tensor bias, double min, double max, Tensor dDt, Tensor dRaw, Tensor dBias);

    /** Shape of the memory that {@link #forward} leaves for {@link #backward}. */
    Shape memory(Dims dims, int batch, int seqLen);

    /**
     * The scan.
     *
     * @param memory shaped as {@link #memory} says, overwritten
     * @param y {@code (rows, nHeads * dHead)}, overwritten
     */
    default void forward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor y) {
        forward(dims, in, resets, memory, y, Optional.empty());
    }

    /**
     * As {@link #forward(Dims, Inputs, Resets, Tensor, Tensor)}, and leaves the state from which decoding goes on.
     *
     * @param last the state after each sequence's last token, {@code (batch * nHeads * dHead, dState)}, overwritten
     */
    void forward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor y, Optional<Tensor> last);

    /**
     * Gradient of {@link #forward}.
     *
     * @param memory as {@link #forward} left it
     * @param dy {@code (rows, nHeads * dHead)}
     */
    void backward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor dy, Gradients out);
}
