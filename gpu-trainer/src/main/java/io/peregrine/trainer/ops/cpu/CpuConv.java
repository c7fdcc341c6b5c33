package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.ConvOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * All channels of one token at a time: a tap is one loop over channels. The backward pass first turns the output's
 * gradient into that before the SiLU, in place, then gathers the input's gradient from the tokens ahead.
 */
final class CpuConv implements ConvOps {
    private final Workers workers;
    private final Partials sums = new Partials();

    CpuConv(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void forward(Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, Segments segments, Tensor out) {
        int channels = x.columns();
        int seqLen = segments.seqLen();
        Filter filter = new Filter(scale, weight, bias);
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] before = scratch.array(0, channels);
            float[] sigmoid = scratch.array(1, channels);
            int t = row % seqLen;
            filter.apply(x, row, t - segments.start(row / seqLen, t), scratch.array(2, channels), before);
            FloatMath.sigmoid(before, 1, sigmoid, channels);
            for (int c = 0; c < channels; c++) {
                before[c] *= sigmoid[c];
            }
            out.write(row, 0, before, 0, channels);
        });
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
        int channels = x.columns();
        int taps = weight.columns();
        int seqLen = segments.seqLen();
        int blocks = Rows.blocks(x.rows());
        Filter filter = new Filter(scale, weight, bias);
        // Per block of rows: the bias's sums, then those of each tap.
        sums.reset(blocks, (1 + taps) * channels);
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] before = scratch.array(0, channels);
            float[] sigmoid = scratch.array(1, channels);
            float[] input = scratch.array(2, channels);
            float[] d = scratch.array(3, channels);
            int t = row % seqLen;
            int reach = t - segments.start(row / seqLen, t);
            filter.apply(x, row, reach, input, before);
            FloatMath.sigmoid(before, 1, sigmoid, channels);
            dOut.read(row, 0, d, 0, channels);
            for (int c = 0; c < channels; c++) {
                d[c] *= sigmoid[c] * (1 + before[c] * (1 - sigmoid[c]));
            }
            dOut.write(row, 0, d, 0, channels);
            float[] into = sums.values();
            int start = sums.start(row / Rows.PER_TASK);
            for (int c = 0; c < channels; c++) {
                into[start + c] += d[c];
            }
            for (int back = 0; back < taps && back <= reach; back++) {
                x.read(row - back, 0, input, 0, channels);
                int tap = start + (taps - back) * channels;
                for (int c = 0; c < channels; c++) {
                    into[tap + c] += d[c] * input[c];
                }
            }
        });
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] d = scratch.array(0, channels);
            float[] ahead = scratch.array(1, channels);
            int sequence = row / seqLen;
            int t = row % seqLen;
            Arrays.fill(d, 0, channels, 0);
            for (int back = 0; back < taps && t + back < seqLen; back++) {
                if (segments.start(sequence, t + back) > t) {
                    break;
                }
                dOut.read(row + back, 0, ahead, 0, channels);
                float[] tap = filter.taps[taps - 1 - back];
                for (int c = 0; c < channels; c++) {
                    d[c] += tap[c] * ahead[c];
                }
            }
            dx.write(row, 0, d, 0, channels);
        });
        addGradients(scale, dWeight, dBias, blocks, channels, taps);
    }

    private void addGradients(
            Tensor scale, Tensor dWeight, Optional<Tensor> dBias, int blocks, int channels, int taps) {
        dBias.ifPresent(b -> sums.addTo(b, blocks, 0, 1));
        for (int j = 0; j < taps; j++) {
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int block = 0; block < blocks; block++) {
                    sum += sums.values()[sums.start(block) + (1 + j) * channels + c];
                }
                dWeight.set(c, j, dWeight.get(c, j) + sum * scale.get(0, c));
            }
        }
    }

    /** The filters by tap, with each channel's multiplier in them. */
    private static final class Filter {
        private final float[][] taps;
        private final float[] biases;

        Filter(Tensor scale, Tensor weight, Optional<Tensor> bias) {
            int channels = weight.rows();
            taps = new float[weight.columns()][channels];
            for (int j = 0; j < taps.length; j++) {
                for (int c = 0; c < channels; c++) {
                    taps[j][c] = (float) (weight.get(c, j) * scale.get(0, c));
                }
            }
            biases = bias.map(Tensor::toFloats).orElseGet(() -> new float[channels]);
        }

        /** The convolution at one row, which may look {@code reach} tokens back. */
        void apply(Tensor x, int row, int reach, float[] input, float[] result) {
            int channels = biases.length;
            System.arraycopy(biases, 0, result, 0, channels);
            for (int back = 0; back < taps.length && back <= reach; back++) {
                x.read(row - back, 0, input, 0, channels);
                float[] tap = taps[taps.length - 1 - back];
                for (int c = 0; c < channels; c++) {
                    result[c] += tap[c] * input[c];
                }
            }
        }
    }
}
