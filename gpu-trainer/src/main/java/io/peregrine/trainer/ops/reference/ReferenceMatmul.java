package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.tensor.Tensor;

/** Dot products. */
final class ReferenceMatmul implements MatmulOps {
    @Override
    public void forward(Tensor x, Tensor w, double scale, Tensor y) {
        Values.store(product(x, w, scale), y);
    }

    @Override
    public void forwardAdd(Tensor x, Tensor w, double scale, Tensor base, Tensor y) {
        double[] product = product(x, w, scale);
        if (base != y) {
            y.copyFrom(base);
        }
        Values.add(product, y);
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, double scale, Tensor dx) {
        Values.store(inputGradient(dy, w, scale), dx);
    }

    @Override
    public void backwardInputAdd(Tensor dy, Tensor w, double scale, Tensor dx) {
        Values.add(inputGradient(dy, w, scale), dx);
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, double scale, Tensor dw) {
        int out = dy.columns();
        int in = x.columns();
        double[] dys = Values.of(dy);
        double[] xs = Values.of(x);
        double[] dws = new double[out * in];
        for (int row = 0; row < dy.rows(); row++) {
            for (int o = 0; o < out; o++) {
                double factor = scale * dys[row * out + o];
                for (int i = 0; i < in; i++) {
                    dws[o * in + i] += factor * xs[row * in + i];
                }
            }
        }
        Values.add(dws, dw);
    }

    @Override
    public void addBias(Tensor bias, double scale, Tensor y) {
        for (int row = 0; row < y.rows(); row++) {
            for (int column = 0; column < y.columns(); column++) {
                y.set(row, column, y.get(row, column) + scale * bias.get(0, column));
            }
        }
    }

    @Override
    public void backwardBias(Tensor dy, double scale, Tensor dBias) {
        for (int column = 0; column < dy.columns(); column++) {
            double sum = 0;
            for (int row = 0; row < dy.rows(); row++) {
                sum += dy.get(row, column);
            }
            dBias.set(0, column, dBias.get(0, column) + scale * sum);
        }
    }

    private static double[] product(Tensor x, Tensor w, double scale) {
        int in = x.columns();
        int out = w.rows();
        double[] xs = Values.of(x);
        double[] ws = Values.of(w);
        double[] ys = new double[x.rows() * out];
        for (int row = 0; row < x.rows(); row++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += xs[row * in + i] * ws[o * in + i];
                }
                ys[row * out + o] = scale * sum;
            }
        }
        return ys;
    }

    private static double[] inputGradient(Tensor dy, Tensor w, double scale) {
        int out = dy.columns();
        int in = w.columns();
        double[] dys = Values.of(dy);
        double[] ws = Values.of(w);
        double[] dxs = new double[dy.rows() * in];
        for (int row = 0; row < dy.rows(); row++) {
            for (int o = 0; o < out; o++) {
                double factor = scale * dys[row * out + o];
                for (int i = 0; i < in; i++) {
                    dxs[row * in + i] += factor * ws[o * in + i];
                }
            }
        }
        return dxs;
    }
}
