package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.ConvOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** The short convolution: {@code conv.cuh}. */
final class CudaConv implements ConvOps {
    private final CudaDevice device;
    private final DeviceSegments segmentsOnDevice;

    CudaConv(CudaDevice device, DeviceSegments segmentsOnDevice) {
        this.device = device;
        this.segmentsOnDevice = segmentsOnDevice;
    }

    @Override
    public void forward(Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, Segments segments, Tensor out) {
        DeviceTensor from = (DeviceTensor) x;
        DeviceTensor to = (DeviceTensor) out;
        device.check(
                Native.convForward(
                        device.handle(),
                        from.kind(),
                        segments.batch(),
                        segments.seqLen(),
                        from.columns(),
                        weight.columns(),
                        from.address(),
                        from.stride(),
                        address(scale),
                        address(weight),
                        address(bias),
                        segmentsOnDevice.starts(segments),
                        to.address(),
                        to.stride()),
                "convolution of %s",
                x);
    }

    @Override
    public void backward(
            Tensor x,
            Tensor scale,
            Tensor weight,
            Optional<Tensor> bias,
            Segments segments,
            Tensor dOut,
            Tensor dx,
            Tensor dWeight,
            Optional<Tensor> dBias) {
        DeviceTensor from = (DeviceTensor) x;
        DeviceTensor gradient = (DeviceTensor) dOut;
        DeviceTensor to = (DeviceTensor) dx;
        device.check(
                () -> Native.convBackward(
                        device.handle(),
                        from.kind(),
                        segments.batch(),
                        segments.seqLen(),
                        from.columns(),
                        weight.columns(),
                        from.address(),
                        from.stride(),
                        address(scale),
                        address(weight),
                        address(bias),
                        segmentsOnDevice.starts(segments),
                        gradient.address(),
                        gradient.stride(),
                        to.address(),
                        to.stride(),
                        address(dWeight),
                        address(dBias)),
                "gradient of the convolution of %s",
                x);
    }

    private static long address(Tensor tensor) {
        return ((DeviceTensor) tensor).address();
    }

    private static long address(Optional<Tensor> tensor) {
        return tensor.isPresent() ? address(tensor.get()) : 0;
    }
}
