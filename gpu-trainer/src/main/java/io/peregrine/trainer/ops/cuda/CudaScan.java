package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The selective scan: {@code scan.cuh}. Its chunks are the kernels' own, whatever {@code chunkSize} says. */
final class CudaScan implements ScanOps {
    private static final int MEMORY_COLUMNS = 1024;

    private final CudaDevice device;
    private final DType dtype;
    private final DeviceSegments segmentsOnDevice;
    private final Map<Dims, ScanKernels> kernels = new LinkedHashMap<>();

    CudaScan(CudaDevice device, DType dtype, DeviceSegments segmentsOnDevice) {
        this.device = device;
        this.dtype = dtype;
        this.segmentsOnDevice = segmentsOnDevice;
    }

    /** Which kernels compute a scan of this shape. Where they are the slower ones, the log says so at the first asking. */
    private ScanKernels kernels(Dims dims) {
        return kernels.computeIfAbsent(dims, it -> {
            ScanKernels chosen = new ScanKernels(dtype, it, device.blockMemory());
            chosen.slower()
                    .ifPresent(why -> LoggerFactory.getLogger(CudaScan.class).warn(why));
            return chosen;
        });
    }

    /** Of the shapes that were scanned so far, those that the device is slow at, and why. */
    List<String> slower() {
        return kernels.values().stream().flatMap(it -> it.slower().stream()).toList();
    }

    @Override
    public void stepSizes(Tensor raw, double scale, Tensor bias, double min, double max, Tensor dt) {
        DeviceTensor from = (DeviceTensor) raw;
        DeviceTensor to = (DeviceTensor) dt;
        device.check(
                Native.stepSizes(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        (float) scale,
                        address(bias),
                        (float) min,
                        (float) max,
                        to.address(),
                        to.stride(),
                        from.rows(),
                        from.columns()),
                "step sizes of %s",
                raw);
    }

    @Override
    public void stepSizesBackward(
            Tensor raw, double scale, Tensor bias, double min, double max, Tensor dDt, Tensor dRaw, Tensor dBias) {
        DeviceTensor from = (DeviceTensor) raw;
        DeviceTensor gradient = (DeviceTensor) dDt;
        DeviceTensor to = (DeviceTensor) dRaw;
        device.check(
                () -> Native.stepSizesBackward(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        (float) scale,
                        address(bias),
                        (float) min,
                        (float) max,
                        gradient.address(),
                        gradient.stride(),
                        to.address(),
                        to.stride(),
                        address(dBias),
                        from.rows(),
                        from.columns()),
                "gradient of the step sizes of %s",
                raw);
    }

    @Override
    public Shape memory(Dims dims, int batch, int seqLen) {
        long bytes = kernels(dims).memoryBytes(batch, seqLen);
        long rowBytes = (long) MEMORY_COLUMNS * dtype.bytes();
        return Shape.of((bytes + rowBytes - 1) / rowBytes, MEMORY_COLUMNS);
    }

    @Override
    public void forward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor y, Optional<Tensor> last) {
        DeviceTensor x = (DeviceTensor) in.x();
        DeviceTensor out = (DeviceTensor) y;
        requireAligned(dims, in);
        requireAligned(dims, "y", y);
        device.check(
                () -> Native.scanForward(
                        device.handle(),
                        x.kind(),
                        resets.batch(),
                        resets.seqLen(),
                        dims.nHeads(),
                        dims.dHead(),
                        dims.nGroups(),
                        dims.dState(),
                        x.address(),
                        x.stride(),
                        address(in.b()),
                        in.b().stride(),
                        address(in.c()),
                        in.c().stride(),
                        address(in.dt()),
                        in.dt().stride(),
                        address(in.aLog()),
                        address(in.dSkip()),
                        segmentsOnDevice.starts(resets.segments()),
                        resets.biased().map(segmentsOnDevice::starts).orElse(0L),
                        out.address(),
                        out.stride(),
                        address(memory),
                        last.map(CudaScan::address).orElse(0L)),
                "scan of %s with %s",
                in.x(),
                dims);
    }

    @Override
    public void backward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor dy, Gradients out) {
        DeviceTensor x = (DeviceTensor) in.x();
        requireAligned(dims, in);
        requireAligned(dims, "dy", dy);
        requireAligned(dims, "the gradient of x", out.x());
        requireAligned(dims, "the gradient of b", out.b());
        requireAligned(dims, "the gradient of c", out.c());
        device.check(
                () -> Native.scanBackward(
                        device.handle(),
                        x.kind(),
                        resets.batch(),
                        resets.seqLen(),
                        dims.nHeads(),
                        dims.dHead(),
                        dims.nGroups(),
                        dims.dState(),
                        x.address(),
                        x.stride(),
                        address(in.b()),
                        in.b().stride(),
                        address(in.c()),
                        in.c().stride(),
                        address(in.dt()),
                        in.dt().stride(),
                        address(in.aLog()),
                        address(in.dSkip()),
                        segmentsOnDevice.starts(resets.segments()),
                        resets.biased().map(segmentsOnDevice::starts).orElse(0L),
                        address(memory),
                        address(dy),
                        dy.stride(),
                        address(out.x()),
                        out.x().stride(),
                        address(out.b()),
                        out.b().stride(),
                        address(out.c()),
                        out.c().stride(),
                        address(out.dt()),
                        out.dt().stride(),
                        address(out.aLog()),
                        address(out.dSkip())),
                "gradient of the scan of %s with %s",
                in.x(),
                dims);
    }

    private void requireAligned(Dims dims, Inputs in) {
        requireAligned(dims, "x", in.x());
        requireAligned(dims, "b", in.b());
        requireAligned(dims, "c", in.c());
    }

    private void requireAligned(Dims dims, String name, Tensor tensor) {
        kernels(dims).requireAligned(name, address(tensor), tensor.stride());
    }

    private static long address(Tensor tensor) {
        return ((DeviceTensor) tensor).address();
    }
}
