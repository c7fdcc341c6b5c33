package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.tensor.Tensor;

/** Row by row; gradients of gains by blocks of rows, added in order. */
final class CpuNorm implements NormOps {
    private final Workers workers;
    private final Partials gains = new Partials();

    CpuNorm(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void rms(Tensor x, Tensor gain, double epsilon, Tensor y) {
        int columns = x.columns();
        float[] g = gain.toFloats();
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            x.read(row, 0, v, 0, columns);
            norm(v, 0, columns, g, epsilon);
            y.write(row, 0, v, 0, columns);
        });
    }

    @Override
    public void rmsBackward(Tensor x, Tensor gain, double epsilon, Tensor dy, Tensor dx, Tensor dGain) {
        int columns = x.columns();
        float[] g = gain.toFloats();
        int blocks = Rows.blocks(x.rows());
        gains.reset(blocks, columns);
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            float[] d = scratch.array(1, columns);
            float[] sum = scratch.array(2, columns);
            x.read(row, 0, v, 0, columns);
            dy.read(row, 0, d, 0, columns);
            normBackward(v, d, 0, columns, g, epsilon, gains.values(), gains.start(row / Rows.PER_TASK));
            dx.read(row, 0, sum, 0, columns);
            for (int i = 0; i < columns; i++) {
                sum[i] += d[i];
            }
            dx.write(row, 0, sum, 0, columns);
        });
        gains.addTo(dGain, blocks, 0, 1);
    }

    @Override
    public void gatedRms(Tensor y, Tensor z, double zScale, Tensor gain, int groups, double epsilon, Tensor out) {
        int columns = y.columns();
        int width = columns / groups;
        float scale = (float) zScale;
        float[] g = gain.toFloats();
        Rows.each(workers, y.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            float[] gate = scratch.array(1, columns);
            float[] s = scratch.array(2, columns);
            y.read(row, 0, v, 0, columns);
            z.read(row, 0, gate, 0, columns);
            FloatMath.sigmoid(gate, scale, s, columns);
            for (int i = 0; i < columns; i++) {
                v[i] *= scale * gate[i] * s[i];
            }
            for (int group = 0; group < groups; group++) {
                norm(v, group * width, width, g, epsilon);
            }
            out.write(row, 0, v, 0, columns);
        });
    }

    @Override
    public void gatedRmsBackward(
            Tensor y,
            Tensor z,
            double zScale,
            Tensor gain,
            int groups,
            double epsilon,
            Tensor dOut,
            Tensor dy,
            Tensor dz,
            Tensor dGain) {
        int columns = y.columns();
        int width = columns / groups;
        float scale = (float) zScale;
        float[] g = gain.toFloats();
        int blocks = Rows.blocks(y.rows());
        gains.reset(blocks, columns);
        Rows.each(workers, y.rows(), (row, scratch) -> {
            float[] value = scratch.array(0, columns);
            float[] gate = scratch.array(1, columns);
            float[] s = scratch.array(2, columns);
            float[] gated = scratch.array(3, columns);
            float[] d = scratch.array(4, columns);
            y.read(row, 0, value, 0, columns);
            z.read(row, 0, gate, 0, columns);
            dOut.read(row, 0, d, 0, columns);
            FloatMath.sigmoid(gate, scale, s, columns);
            for (int i = 0; i < columns; i++) {
                gated[i] = value[i] * scale * gate[i] * s[i];
            }
            int sums = gains.start(row / Rows.PER_TASK);
            for (int group = 0; group < groups; group++) {
                normBackward(gated, d, group * width, width, g, epsilon, gains.values(), sums);
            }
            for (int i = 0; i < columns; i++) {
                float x = scale * gate[i];
                float slope = s[i] * (1 + x * (1 - s[i]));
                gate[i] = d[i] * value[i] * slope * scale;
                value[i] = d[i] * x * s[i];
            }
            dy.write(row, 0, value, 0, columns);
            dz.write(row, 0, gate, 0, columns);
        });
        gains.addTo(dGain, blocks, 0, 1);
    }

    /** Norms {@code width} numbers in place. */
    private static void norm(float[] v, int from, int width, float[] gain, double epsilon) {
        float inverse = inverseRms(v, from, width, epsilon);
        for (int i = from; i < from + width; i++) {
            v[i] = gain[i] * (v[i] * inverse);
        }
    }

    /** Turns {@code d}, the gradient of the normed numbers, into that of {@code v}, and adds to the gain's sums. */
    private static void normBackward(
            float[] v, float[] d, int from, int width, float[] gain, double epsilon, float[] dGain, int sums) {
        float inverse = inverseRms(v, from, width, epsilon);
        for (int i = from; i < from + width; i++) {
            dGain[sums + i] += d[i] * v[i] * inverse;
            d[i] *= gain[i];
        }
        float dot = FloatMath.dot(d, from, v, from, width);
        float back = dot * inverse * inverse / width;
        for (int i = from; i < from + width; i++) {
            d[i] = inverse * (d[i] - v[i] * back);
        }
    }

    private static float inverseRms(float[] v, int from, int width, double epsilon) {
        double mean = FloatMath.dot(v, from, v, from, width) / (double) width;
        return (float) (1 / Math.sqrt(mean + epsilon));
    }
}
