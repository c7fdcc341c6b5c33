package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.Tensor;

/** Attention and rotary positions: {@code attention.cuh}, {@code rotary.cuh}. */
final class CudaAttention implements AttentionOps {
    private final CudaDevice device;
    private final DeviceSegments segmentsOnDevice;
    private final RotaryAngles angles;

    CudaAttention(CudaDevice device, DeviceSegments segmentsOnDevice, RotaryAngles angles) {
        this.device = device;
        this.segmentsOnDevice = segmentsOnDevice;
        this.angles = angles;
    }

    @Override
    public void rotate(Tensor x, int headDim, double base, double scale, int seqLen, int firstPosition) {
        rotate(x, headDim, base, 0, scale, seqLen, firstPosition, false);
    }

    @Override
    public void rotateBackward(Tensor dx, int headDim, double base, double scale, int seqLen) {
        rotate(dx, headDim, base, 0, scale, seqLen, 0, true);
    }

    @Override
    public void rotate(Dims dims, Tensor qk, double base, double keyScale, int seqLen, int firstPosition) {
        rotate(qk, dims.headDim(), base, dims.numHeads(), keyScale, seqLen, firstPosition, false);
    }

    @Override
    public void rotateBackward(Dims dims, Tensor dQk, double base, double keyScale, int seqLen) {
        rotate(dQk, dims.headDim(), base, dims.numHeads(), keyScale, seqLen, 0, true);
    }

    private void rotate(
            Tensor x,
            int headDim,
            double base,
            int firstScaled,
            double scale,
            int seqLen,
            int firstPosition,
            boolean inverse) {
        DeviceTensor it = (DeviceTensor) x;
        DeviceTensor table = angles.of(headDim, base, firstPosition + seqLen);
        device.check(
                Native.rotate(
                        device.handle(),
                        it.kind(),
                        it.address(),
                        it.stride(),
                        it.rows(),
                        it.columns() / headDim,
                        headDim,
                        table.address(firstPosition),
                        firstScaled,
                        (float) scale,
                        seqLen,
                        inverse),
                "rotary positions of %s",
                x);
    }

    @Override
    public void forward(Dims dims, Tensor q, Tensor k, Tensor v, Segments segments, Tensor out, Tensor logSumExp) {
        DeviceTensor queries = (DeviceTensor) q;
        device.check(
                Native.attentionForward(
                        device.handle(),
                        queries.kind(),
                        segments.batch(),
                        segments.seqLen(),
                        dims.numHeads(),
                        dims.numKeyValueHeads(),
                        dims.headDim(),
                        queries.address(),
                        queries.stride(),
                        address(k),
                        k.stride(),
                        address(v),
                        v.stride(),
                        segmentsOnDevice.starts(segments),
                        address(out),
                        out.stride(),
                        address(logSumExp)),
                "attention of %s with %s",
                q,
                dims);
    }

    @Override
    public void backward(
            Dims dims,
            Tensor q,
            Tensor k,
            Tensor v,
            Segments segments,
            Tensor out,
            Tensor logSumExp,
            Tensor dOut,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        DeviceTensor queries = (DeviceTensor) q;
        device.check(
                () -> Native.attentionBackward(
                        device.handle(),
                        queries.kind(),
                        segments.batch(),
                        segments.seqLen(),
                        dims.numHeads(),
                        dims.numKeyValueHeads(),
                        dims.headDim(),
                        queries.address(),
                        queries.stride(),
                        address(k),
                        k.stride(),
                        address(v),
                        v.stride(),
                        segmentsOnDevice.starts(segments),
                        segmentsOnDevice.ends(segments),
                        address(out),
                        out.stride(),
                        address(logSumExp),
                        address(dOut),
                        dOut.stride(),
                        address(dq),
                        dq.stride(),
                        address(dk),
                        dk.stride(),
                        address(dv),
                        dv.stride()),
                "gradient of the attention of %s with %s",
                q,
                dims);
    }

    private static long address(Tensor tensor) {
        return ((DeviceTensor) tensor).address();
    }
}
