package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Tensor;

/** Gates: a value times the SiLU of another, {@code SiLU(x) = x / (1 + exp(-x))}. */
public interface ActivationOps {
    /**
     * {@code out = value * SiLU(gateScale * gate)}.
     *
     * @param value {@code (rows, columns)}
     * @param gate {@code (rows, columns)}
     * @param out {@code (rows, columns)}, overwritten
     */
    void gate(Tensor value, Tensor gate, double gateScale, Tensor out);

    /**
     * Gradient of {@link #gate}.
     *
     * @param dOut {@code (rows, columns)}
     * @param dValue {@code (rows, columns)}, overwritten
     * @param dGate {@code (rows, columns)}, overwritten
     */
    void gateBackward(Tensor value, Tensor gate, double gateScale, Tensor dOut, Tensor dValue, Tensor dGate);
}
