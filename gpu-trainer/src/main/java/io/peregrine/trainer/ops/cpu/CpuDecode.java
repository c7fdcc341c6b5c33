package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.HostDecode;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** One token at a time; the heads of a token are shared out. */
final class CpuDecode extends HostDecode {
    private final Workers workers;

    CpuDecode(Workers workers) {
        super(
                new CpuEmbedding(),
                new CpuMatmul(workers),
                new CpuNorm(workers),
                new CpuActivation(workers),
                new CpuScan(workers),
                new CpuAttention(workers));
        this.workers = workers;
    }

    @Override
    protected void convolve(
            Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, int position, Tensor window, Tensor u) {
        int taps = weight.columns();
        int channels = x.columns();
        float[] before = bias.map(Tensor::toFloats).orElseGet(() -> new float[channels]);
        float[] input = new float[channels];
        x.read(0, 0, input, 0, channels);
        for (int c = 0; c < channels; c++) {
            input[c] *= (float) scale.get(0, c);
        }
        window.write(position % taps, 0, input, 0, channels);
        for (int j = Math.max(0, taps - 1 - position); j < taps; j++) {
            window.read((position - (taps - 1 - j)) % taps, 0, input, 0, channels);
            for (int c = 0; c < channels; c++) {
                before[c] += (float) weight.get(c, j) * input[c];
            }
        }
        FloatMath.sigmoid(before, 1, input, channels);
        for (int c = 0; c < channels; c++) {
            before[c] *= input[c];
        }
        u.write(0, 0, before, 0, channels);
    }

    @Override
    protected void advance(ScanOps.Dims dims, ScanOps.Inputs in, boolean starts, Tensor state, Tensor y) {
        int heads = dims.nHeads();
        int dState = dims.dState();
        float[] a = CpuScan.decayRates(in);
        float[] skip = in.dSkip().toFloats();
        float[] x = in.x().toFloats();
        float[] b = in.b().toFloats();
        float[] c = in.c().toFloats();
        float[] dt = in.dt().toFloats();
        workers.run(heads, (head, scratch) -> {
            float[] decay = scratch.array(0, 1);
            decay[0] = dt[head] * a[head];
            FloatMath.exp(decay, decay, 1, scratch.array(1, 1));
            float[] s = scratch.array(2, dState);
            float[] ofGroup = scratch.array(3, dState);
            int firstN = head / (heads / dims.nGroups()) * dState;
            System.arraycopy(c, firstN, ofGroup, 0, dState);
            Arrays.fill(s, 0, dState, 0);
            for (int p = head * dims.dHead(); p < (head + 1) * dims.dHead(); p++) {
                float input = dt[head] * x[p];
                if (!starts) {
                    state.read(p, 0, s, 0, dState);
                }
                for (int n = 0; n < dState; n++) {
                    s[n] = (starts ? 0 : decay[0] * s[n]) + input * b[firstN + n];
                }
                state.write(p, 0, s, 0, dState);
                y.set(0, p, FloatMath.dot(s, 0, ofGroup, 0, dState) + skip[head] * x[p]);
            }
        });
    }

    @Override
    protected void attend(AttentionOps.Dims dims, Tensor q, Tensor keys, Tensor values, Tensor out) {
        int headDim = dims.headDim();
        int length = keys.rows();
        float scale = (float) (1 / Math.sqrt(headDim));
        workers.run(dims.numHeads(), (head, scratch) -> {
            int firstK = CpuAttention.keyHead(dims, head) * headDim;
            float[] query = scratch.array(0, headDim);
            float[] row = scratch.array(1, headDim);
            float[] scores = scratch.array(2, length);
            q.read(0, head * headDim, query, 0, headDim);
            for (int s = 0; s < length; s++) {
                keys.read(s, firstK, row, 0, headDim);
                scores[s] = scale * FloatMath.dot(query, 0, row, 0, headDim);
            }
            float max = FloatMath.max(scores, 0, length);
            for (int s = 0; s < length; s++) {
                scores[s] -= max;
            }
            FloatMath.exp(scores, scores, length, scratch.array(3, length));
            float inverse = 1 / FloatMath.sum(scores, 0, length);
            Arrays.fill(query, 0, headDim, 0);
            for (int s = 0; s < length; s++) {
                values.read(s, firstK, row, 0, headDim);
                float weight = scores[s] * inverse;
                for (int i = 0; i < headDim; i++) {
                    query[i] += weight * row[i];
                }
            }
            out.write(0, head * headDim, query, 0, headDim);
        });
    }
}
