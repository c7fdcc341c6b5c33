package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;

/** Tensors as one long row, in blocks. */
final class CpuOptim implements OptimOps {
    /** Numbers that one task takes. */
    private static final int BLOCK = 8192;

    private final Workers workers;
    private double[] sums = new double[0];

    CpuOptim(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void adamw(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings) {
        Tensor values = value.flat();
        Tensor gradients = gradient.flat();
        Tensor firsts = firstMoment.flat();
        Tensor seconds = secondMoment.flat();
        float beta1 = (float) settings.beta1();
        float beta2 = (float) settings.beta2();
        float rest1 = (float) (1 - settings.beta1());
        float rest2 = (float) (1 - settings.beta2());
        float keep = (float) (1 - settings.learningRate() * settings.weightDecay());
        float rate = (float) (settings.learningRate() / settings.correction1());
        float rootCorrection = (float) (1 / Math.sqrt(settings.correction2()));
        float epsilon = (float) settings.epsilon();
        float gradientScale = (float) settings.gradientScale();
        workers.run(blocks(values.columns()), (block, scratch) -> {
            int from = block * BLOCK;
            int count = Math.min(values.columns() - from, BLOCK);
            float[] p = scratch.array(0, count);
            float[] g = scratch.array(1, count);
            float[] m = scratch.array(2, count);
            float[] v = scratch.array(3, count);
            values.read(0, from, p, 0, count);
            gradients.read(0, from, g, 0, count);
            firsts.read(0, from, m, 0, count);
            seconds.read(0, from, v, 0, count);
            for (int i = 0; i < count; i++) {
                float scaled = gradientScale * g[i];
                m[i] = beta1 * m[i] + rest1 * scaled;
                v[i] = beta2 * v[i] + rest2 * (scaled * scaled);
            }
            for (int i = 0; i < count; i++) {
                float root = (float) Math.sqrt(v[i]) * rootCorrection;
                p[i] = keep * p[i] - rate * m[i] / (root + epsilon);
            }
            values.write(0, from, p, 0, count);
            firsts.write(0, from, m, 0, count);
            seconds.write(0, from, v, 0, count);
        });
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Tensor numbers = x.flat();
        int blocks = blocks(numbers.columns());
        if (sums.length < blocks) {
            sums = new double[blocks];
        }
        workers.run(blocks, (block, scratch) -> {
            int from = block * BLOCK;
            int count = Math.min(numbers.columns() - from, BLOCK);
            float[] v = scratch.array(0, count);
            numbers.read(0, from, v, 0, count);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += (double) v[i] * v[i];
            }
            sums[block] = sum;
        });
        double total = 0;
        for (int block = 0; block < blocks; block++) {
            total += sums[block];
        }
        return total;
    }

    private static int blocks(int count) {
        return (count + BLOCK - 1) / BLOCK;
    }
}
