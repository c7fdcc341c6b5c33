package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** The mixer's short causal convolution, one filter per channel, with SiLU behind it. */
public interface ConvOps {
    /**
     * {@code out[t] = SiLU(bias + sum_j weight[j] * scale * x[t - (k - 1 - j)])}; taps before the document's start are 0.
     *
     * @param x {@code (batch * seqLen, channels)}
     * @param scale multiplier of each channel, {@code (channels)}
     * @param weight {@code (channels, 1, k)}
     * @param bias {@code (channels)}
     * @param out {@code (batch * seqLen, channels)}, overwritten
     */
    void forward(Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, Segments segments, Tensor out);

    /**
     * Gradient of {@link #forward}.
     *
     * @param dOut {@code (batch * seqLen, channels)}; holds anything afterwards
     * @param dx {@code (batch * seqLen, channels)}, overwritten
     * @param dWeight {@code (channels, 1, k)}, added to
     * @param dBias {@code (channels)}, added to; there exactly when {@code bias} is
     */
    void backward(
            Tensor x,
            Tensor scale,
            Tensor weight,
            Optional<Tensor> bias,
            Segments segments,
            Tensor dOut,
            Tensor dx,
            Tensor dWeight,
            Optional<Tensor> dBias);
}
