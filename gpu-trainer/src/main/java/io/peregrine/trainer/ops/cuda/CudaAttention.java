package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.Segments;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Attention and rotary positions: {@code attention.cuh}, {@code rotary.cuh}. */
final class CudaAttention implements AttentionOps {
    private final CudaDevice device;
    private final DeviceSegments segmentsOnDevice;
    private final DeviceInts lengths;
    private final Map<Angles, DeviceTensor> tables = new HashMap<>();

    /** What cosines and sines depend on, besides the position. */
    private record Angles(int headDim, double base) {}

    CudaAttention(CudaDevice device, DeviceSegments segmentsOnDevice) {
        this.device = device;
        this.segmentsOnDevice = segmentsOnDevice;
        this.lengths = new DeviceInts(device);
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
        DeviceTensor table = table(new Angles(headDim, base), firstPosition + seqLen);
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
                        0,
                        inverse),
                "rotary positions of %s",
                x);
    }

    /** Cosine and sine of each position and pair of channels, {@code (positions, headDim)}; computed in double. */
    private DeviceTensor table(Angles angles, int positions) {
        DeviceTensor table = tables.get(angles);
        if (table == null || table.rows() < positions) {
            int rows = Integer.highestOneBit(Math.max(positions, 1) * 2 - 1);
            int half = angles.headDim() / 2;
            Tensor host = Tensor.zeros(DType.F32, Shape.of(rows, angles.headDim()));
            float[] row = new float[angles.headDim()];
            for (int position = 0; position < rows; position++) {
                for (int i = 0; i < half; i++) {
                    double angle = position * Math.pow(angles.base(), -2.0 * i / angles.headDim());
                    row[2 * i] = (float) Math.cos(angle);
                    row[2 * i + 1] = (float) Math.sin(angle);
                }
                host.write(position, 0, row, 0, row.length);
            }
            table = device.zeros(DType.F32, Shape.of(rows, angles.headDim()));
            table.copyFrom(host);
            tables.put(angles, table);
        }
        return table;
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
                Native.attentionBackward(
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

    @Override
    public void step(Dims dims, Tensor q, Tensor keys, Tensor values, Tensor out) {
        lengths.set(new int[] {keys.rows()});
        DeviceTensor queries = (DeviceTensor) q;
        device.check(
                Native.attentionStep(
                        device.handle(),
                        queries.kind(),
                        1,
                        dims.numHeads(),
                        dims.numKeyValueHeads(),
                        dims.headDim(),
                        queries.address(),
                        queries.stride(),
                        address(keys),
                        address(values),
                        0,
                        keys.stride(),
                        lengths.address(),
                        keys.rows(),
                        address(out),
                        out.stride()),
                "attention of a token over %s with %s",
                keys,
                dims);
    }

    private static long address(Tensor tensor) {
        return ((DeviceTensor) tensor).address();
    }
}
