package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/** Root-mean-square norms. */
public interface NormOps {
    /**
     * {@code y = gain * x * (mean(x^2) + epsilon)^(-1/2)}, per row.
     *
     * @param x {@code (rows, columns)}
     * @param gain {@code (columns)}
     * @param y {@code (rows, columns)}, overwritten
     */
    void rms(Tensor x, Tensor gain, double epsilon, Tensor y);

    /**
     * Gradient of {@link #rms}.
     *
     * @param dy {@code (rows, columns)}
     * @param dx {@code (rows, columns)}, added to
     * @param dGain {@code (columns)}, added to
     */
    void rmsBackward(Tensor x, Tensor gain, double epsilon, Tensor dy, Tensor dx, Tensor dGain);

    /**
     * The mixer's gated norm: {@code v = y * SiLU(zScale * z)}, then {@link #rms} of {@code v} over each of {@code groups}
     * equal groups of columns on its own.
     *
     * @param y {@code (rows, columns)}
     * @param z the gate before its multiplier, {@code (rows, columns)}
     * @param gain {@code (columns)}
     * @param out {@code (rows, columns)}, overwritten
     */
    void gatedRms(Tensor y, Tensor z, double zScale, Tensor gain, int groups, double epsilon, Tensor out);

    /**
     * Gradient of {@link #gatedRms}.
     *
     * @param dOut {@code (rows, columns)}
     * @param dy {@code (rows, columns)}, overwritten
     * @param dz {@code (rows, columns)}, overwritten
     * @param dGain {@code (columns)}, added to
     */
    void gatedRmsBackward(
            Tensor y,
            Tensor z,
            double zScale,
            Tensor gain,
            int groups,
            double epsilon,
            Tensor dOut,
            Tensor dy,
            Tensor dz,
            Tensor dGain);
}
