package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.tensor.Tensor;

/** Norms: {@code norm.cuh}. */
final class CudaNorm implements NormOps {
    private final CudaDevice device;

    CudaNorm(CudaDevice device) {
        this.device = device;
    }

    @Override
    public void rms(Tensor x, Tensor gain, double epsilon, Tensor y) {
        DeviceTensor from = (DeviceTensor) x;
        DeviceTensor to = (DeviceTensor) y;
        device.check(
                Native.rms(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        ((DeviceTensor) gain).address(),
                        (float) epsilon,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "norm of %s",
                x);
    }

    @Override
    public void rmsBackward(Tensor x, Tensor gain, double epsilon, Tensor dy, Tensor dx, Tensor dGain) {
        DeviceTensor from = (DeviceTensor) x;
        DeviceTensor gradient = (DeviceTensor) dy;
        DeviceTensor to = (DeviceTensor) dx;
        device.check(
                () -> Native.rmsBackward(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        ((DeviceTensor) gain).address(),
                        (float) epsilon,
                        gradient.address(),
                        gradient.stride(),
                        to.address(),
                        to.stride(),
                        ((DeviceTensor) dGain).address(),
                        from.rows(),
                        from.columns()),
                "gradient of the norm of %s",
                x);
    }

    @Override
    public void gatedRms(Tensor y, Tensor z, double zScale, Tensor gain, int groups, double epsilon, Tensor out) {
        DeviceTensor from = (DeviceTensor) y;
        DeviceTensor gate = (DeviceTensor) z;
        DeviceTensor to = (DeviceTensor) out;
        device.check(
                Native.gatedRms(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        gate.address(),
                        gate.stride(),
                        (float) zScale,
                        ((DeviceTensor) gain).address(),
                        groups,
                        (float) epsilon,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "gated norm of %s",
                y);
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
        DeviceTensor from = (DeviceTensor) y;
        DeviceTensor gate = (DeviceTensor) z;
        DeviceTensor gradient = (DeviceTensor) dOut;
        DeviceTensor to = (DeviceTensor) dy;
        DeviceTensor toGate = (DeviceTensor) dz;
        device.check(
                () -> Native.gatedRmsBackward(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        gate.address(),
                        gate.stride(),
                        (float) zScale,
                        ((DeviceTensor) gain).address(),
                        groups,
                        (float) epsilon,
                        gradient.address(),
                        gradient.stride(),
                        to.address(),
                        to.stride(),
                        toGate.address(),
                        toGate.stride(),
                        ((DeviceTensor) dGain).address(),
                        from.rows(),
                        from.columns()),
                "gradient of the gated norm of %s",
                y);
    }
}
