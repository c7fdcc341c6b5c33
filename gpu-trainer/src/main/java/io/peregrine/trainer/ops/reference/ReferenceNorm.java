package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.tensor.Tensor;

/** Norms over whole rows, or over groups of a row's columns. */
final class ReferenceNorm implements NormOps {
    @Override
    public void rms(Tensor x, Tensor gain, double epsilon, Tensor y) {
        Values.store(normed(Values.of(x), Values.of(gain), 1, epsilon), y);
    }

    @Override
    public void rmsBackward(Tensor x, Tensor gain, double epsilon, Tensor dy, Tensor dx, Tensor dGain) {
        double[] dGains = new double[x.columns()];
        Values.add(normedGradient(Values.of(x), Values.of(gain), 1, epsilon, Values.of(dy), dGains), dx);
        Values.add(dGains, dGain);
    }

    @Override
    public void gatedRms(Tensor y, Tensor z, double zScale, Tensor gain, int groups, double epsilon, Tensor out) {
        Values.store(normed(gated(y, z, zScale), Values.of(gain), groups, epsilon), out);
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
        double[] dGains = new double[y.columns()];
        double[] dv = normedGradient(gated(y, z, zScale), Values.of(gain), groups, epsilon, Values.of(dOut), dGains);
        double[] ys = Values.of(y);
        double[] zs = Values.of(z);
        double[] dys = new double[ys.length];
        double[] dzs = new double[ys.length];
        for (int i = 0; i < ys.length; i++) {
            dys[i] = dv[i] * Values.silu(zScale * zs[i]);
            dzs[i] = dv[i] * ys[i] * Values.siluSlope(zScale * zs[i]) * zScale;
        }
        Values.store(dys, dy);
        Values.store(dzs, dz);
        Values.add(dGains, dGain);
    }

    private static double[] gated(Tensor y, Tensor z, double zScale) {
        double[] values = Values.of(y);
        double[] zs = Values.of(z);
        for (int i = 0; i < values.length; i++) {
            values[i] *= Values.silu(zScale * zs[i]);
        }
        return values;
    }

    /** {@code gain * x / rms(x)}, where {@code gain} holds one row and each of its groups is normed on its own. */
    private static double[] normed(double[] x, double[] gain, int groups, double epsilon) {
        int width = gain.length / groups;
        double[] y = new double[x.length];
        for (int start = 0; start < x.length; start += width) {
            double inverse = inverseRms(x, start, width, epsilon);
            for (int i = start; i < start + width; i++) {
                y[i] = gain[i % gain.length] * x[i] * inverse;
            }
        }
        return y;
    }

    private static double[] normedGradient(
            double[] x, double[] gain, int groups, double epsilon, double[] dy, double[] dGain) {
        int width = gain.length / groups;
        double[] dx = new double[x.length];
        for (int start = 0; start < x.length; start += width) {
            double inverse = inverseRms(x, start, width, epsilon);
            double dot = 0;
            for (int i = start; i < start + width; i++) {
                int column = i % gain.length;
                dot += dy[i] * gain[column] * x[i];
                dGain[column] += dy[i] * x[i] * inverse;
            }
            for (int i = start; i < start + width; i++) {
                dx[i] = inverse * (dy[i] * gain[i % gain.length] - x[i] * dot * inverse * inverse / width);
            }
        }
        return dx;
    }

    private static double inverseRms(double[] x, int start, int width, double epsilon) {
        double squares = 0;
        for (int i = start; i < start + width; i++) {
            squares += x[i] * x[i];
        }
        return 1 / Math.sqrt(squares / width + epsilon);
    }
}
