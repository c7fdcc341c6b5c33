package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.tensor.Tensor;

/** Number by number. */
final class ReferenceActivation implements ActivationOps {
    @Override
    public void gate(Tensor value, Tensor gate, double gateScale, Tensor out) {
        double[] values = Values.of(value);
        double[] gates = Values.of(gate);
        for (int i = 0; i < values.length; i++) {
            values[i] *= Values.silu(gateScale * gates[i]);
        }
        Values.store(values, out);
    }

    @Override
    public void gateBackward(Tensor value, Tensor gate, double gateScale, Tensor dOut, Tensor dValue, Tensor dGate) {
        double[] values = Values.of(value);
        double[] gates = Values.of(gate);
        double[] dOuts = Values.of(dOut);
        double[] dValues = new double[values.length];
        double[] dGates = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            dValues[i] = dOuts[i] * Values.silu(gateScale * gates[i]);
            dGates[i] = dOuts[i] * values[i] * Values.siluSlope(gateScale * gates[i]) * gateScale;
        }
        Values.store(dValues, dValue);
        Values.store(dGates, dGate);
    }
}
