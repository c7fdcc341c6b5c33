package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.tensor.Tensor;

/** Row by row, in one pass over memory each. */
final class CpuActivation implements ActivationOps {
    private final Workers workers;

    CpuActivation(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void gate(Tensor value, Tensor gate, double gateScale, Tensor out) {
        int columns = value.columns();
        float scale = (float) gateScale;
        Rows.each(workers, value.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            float[] g = scratch.array(1, columns);
            float[] s = scratch.array(2, columns);
            value.read(row, 0, v, 0, columns);
            gate.read(row, 0, g, 0, columns);
            FloatMath.sigmoid(g, scale, s, columns);
            for (int i = 0; i < columns; i++) {
                v[i] *= scale * g[i] * s[i];
            }
            out.write(row, 0, v, 0, columns);
        });
    }

    @Override
    public void gateBackward(Tensor value, Tensor gate, double gateScale, Tensor dOut, Tensor dValue, Tensor dGate) {
        int columns = value.columns();
        float scale = (float) gateScale;
        Rows.each(workers, value.rows(), (row, scratch) -> {
            float[] v = scratch.array(0, columns);
            float[] g = scratch.array(1, columns);
            float[] s = scratch.array(2, columns);
            float[] d = scratch.array(3, columns);
            value.read(row, 0, v, 0, columns);
            gate.read(row, 0, g, 0, columns);
            dOut.read(row, 0, d, 0, columns);
            FloatMath.sigmoid(g, scale, s, columns);
            for (int i = 0; i < columns; i++) {
                float x = scale * g[i];
                float slope = s[i] * (1 + x * (1 - s[i]));
                g[i] = d[i] * v[i] * slope * scale;
                v[i] = d[i] * x * s[i];
            }
            dValue.write(row, 0, v, 0, columns);
            dGate.write(row, 0, g, 0, columns);
        });
    }
}
