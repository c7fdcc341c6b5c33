package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.ConvOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** Tap by tap; tap {@code j} of {@code k} looks {@code k - 1 - j} tokens back. */
final class ReferenceConv implements ConvOps {
    @Override
    public void forward(Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, Segments segments, Tensor out) {
        for (int sequence = 0; sequence < segments.batch(); sequence++) {
            for (int t = 0; t < segments.seqLen(); t++) {
                for (int channel = 0; channel < x.columns(); channel++) {
                    double before = beforeSilu(x, scale, weight, bias, segments, sequence, t, channel);
                    out.set(sequence * segments.seqLen() + t, channel, Values.silu(before));
                }
            }
        }
    }

    @Override
    public void backward(
            Tensor x,
            Tensor scale,
            Tensor weight,
            Optional<Tensor> bias,
            Segments segments,
            Tensor dOut,
            Tensor dx,
            Tensor dWeight,
            Optional<Tensor> dBias) {
        int taps = weight.columns();
        int seqLen = segments.seqLen();
        int channels = x.columns();
        double[] dxs = new double[x.rows() * channels];
        double[] dWeights = new double[channels * taps];
        double[] dBiases = new double[channels];
        for (int sequence = 0; sequence < segments.batch(); sequence++) {
            for (int t = 0; t < seqLen; t++) {
                int row = sequence * seqLen + t;
                for (int channel = 0; channel < channels; channel++) {
                    double before = beforeSilu(x, scale, weight, bias, segments, sequence, t, channel);
                    double d = dOut.get(row, channel) * Values.siluSlope(before);
                    dOut.set(row, channel, d);
                    dBiases[channel] += d;
                    for (int j = 0; j < taps; j++) {
                        int back = taps - 1 - j;
                        if (t - back >= segments.start(sequence, t)) {
                            dxs[(row - back) * channels + channel] +=
                                    d * weight.get(channel, j) * scale.get(0, channel);
                            dWeights[channel * taps + j] += d * x.get(row - back, channel) * scale.get(0, channel);
                        }
                    }
                }
            }
        }
        Values.store(dxs, dx);
        Values.add(dWeights, dWeight);
        dBias.ifPresent(b -> Values.add(dBiases, b));
    }

    private static double beforeSilu(
            Tensor x,
            Tensor scale,
            Tensor weight,
            Optional<Tensor> bias,
            Segments segments,
            int sequence,
            int t,
            int channel) {
        int taps = weight.columns();
        int row = sequence * segments.seqLen() + t;
        double sum = bias.isPresent() ? bias.get().get(0, channel) : 0;
        for (int j = 0; j < taps; j++) {
            int back = taps - 1 - j;
            if (t - back >= segments.start(sequence, t)) {
                sum += weight.get(channel, j) * scale.get(0, channel) * x.get(row - back, channel);
            }
        }
        return sum;
    }
}
