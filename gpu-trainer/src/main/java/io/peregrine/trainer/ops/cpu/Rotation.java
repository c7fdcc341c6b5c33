package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.tensor.Tensor;

/** Rotary positions, with the table of angles of the last base and length. */
final class Rotation {
    private final Workers workers;
    private int headDim;
    private double base;
    private int positions;
    /** {@code (positions, headDim / 2)}. */
    private float[] cos = new float[0];

    private float[] sin = new float[0];

    Rotation(Workers workers) {
        this.workers = workers;
    }

    /** Rotates in place by {@code direction} times the angle of each row's position. */
    void apply(Tensor x, int newHeadDim, double newBase, double scale, int seqLen, int firstPosition, int direction) {
        prepare(newHeadDim, newBase, firstPosition + seqLen);
        int columns = x.columns();
        int half = headDim / 2;
        float factor = (float) scale;
        Rows.each(workers, x.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            x.read(row, 0, v, 0, columns);
            int angles = (firstPosition + row % seqLen) * half;
            for (int head = 0; head < columns; head += headDim) {
                for (int i = 0; i < half; i++) {
                    float c = factor * cos[angles + i];
                    float s = direction * factor * sin[angles + i];
                    float v1 = v[head + i];
                    float v2 = v[head + half + i];
                    v[head + i] = v1 * c - v2 * s;
                    v[head + half + i] = v2 * c + v1 * s;
                }
            }
            x.write(row, 0, v, 0, columns);
        });
    }

    private void prepare(int newHeadDim, double newBase, int needed) {
        if (newHeadDim == headDim && newBase == base && needed <= positions) {
            return;
        }
        headDim = newHeadDim;
        base = newBase;
        positions = Math.max(needed, Math.multiplyExact(2, positions));
        int half = headDim / 2;
        cos = new float[positions * half];
        sin = new float[positions * half];
        for (int i = 0; i < half; i++) {
            double frequency = StrictMath.pow(base, -2.0 * i / headDim);
            for (int position = 0; position < positions; position++) {
                cos[position * half + i] = (float) StrictMath.cos(position * frequency);
                sin[position * half + i] = (float) StrictMath.sin(position * frequency);
            }
        }
    }
}
