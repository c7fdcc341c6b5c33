package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.tensor.Tensor;

/** Gates: {@code elementwise.cuh}. */
final class CudaActivation implements ActivationOps {
    private final CudaDevice device;

    CudaActivation(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void gate(Tensor value, Tensor gate, double gateScale, Tensor out) {
        DeviceTensor values = (DeviceTensor) value;
        DeviceTensor gates = (DeviceTensor) gate;
        DeviceTensor to = (DeviceTensor) out;
        device.check(
                Native.gate(
                        device.handle(),
                        to.kind(),
                        values.address(),
                        values.stride(),
                        gates.address(),
                        gates.stride(),
                        (float) gateScale,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "gate of %s",
                value);
    }

    @Override
    public void gateBackward(Tensor value, Tensor gate, double gateScale, Tensor dOut, Tensor dValue, Tensor dGate) {
        DeviceTensor values = (DeviceTensor) value;
        DeviceTensor gates = (DeviceTensor) gate;
        DeviceTensor gradient = (DeviceTensor) dOut;
        DeviceTensor toValue = (DeviceTensor) dValue;
        DeviceTensor toGate = (DeviceTensor) dGate;
        device.check(
                Native.gateBackward(
                        device.handle(),
                        values.kind(),
                        values.address(),
                        values.stride(),
                        gates.address(),
                        gates.stride(),
                        (float) gateScale,
                        gradient.address(),
                        gradient.stride(),
                        toValue.address(),
                        toValue.stride(),
                        toGate.address(),
                        toGate.stride(),
                        values.rows(),
                        values.columns()),
                "gradient of the gate of %s",
                value);
    }
}
