package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.HostDecode;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** One token at a time. */
final class ReferenceDecode extends HostDecode {
    ReferenceDecode() {
        super(
                new ReferenceEmbedding(),
                new ReferenceMatmul(),
                new ReferenceNorm(),
                new ReferenceActivation(),
                new ReferenceScan(),
                new ReferenceAttention());
    }

    @Override
    protected void convolve(
            Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, int position, Tensor window, Tensor u) {
        int taps = weight.columns();
        for (int channel = 0; channel < x.columns(); channel++) {
            window.set(position % taps, channel, scale.get(0, channel) * x.get(0, channel));
            double sum = bias.isPresent() ? bias.get().get(0, channel) : 0;
            for (int j = 0; j < taps; j++) {
                int at = position - (taps - 1 - j);
                if (at >= 0) {
                    sum += weight.get(channel, j) * window.get(at % taps, channel);
                }
            }
            u.set(0, channel, Values.silu(sum));
        }
    }

    @Override
    protected void advance(ScanOps.Dims dims, ScanOps.Inputs in, boolean starts, Tensor state, Tensor y) {
        ReferenceScan.step(dims, in, starts, state, y);
    }

    @Override
    protected void attend(AttentionOps.Dims dims, Tensor q, Tensor keys, Tensor values, Tensor out) {
        ReferenceAttention.step(dims, q, keys, values, out);
    }
}
