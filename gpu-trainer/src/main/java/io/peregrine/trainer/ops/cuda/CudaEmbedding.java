package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.EmbeddingOps;
import io.peregrine.trainer.tensor.Tensor;

/** Rows by id; the gradient gathers each id's rows in order, so that no sum depends on who comes first. */
final class CudaEmbedding implements EmbeddingOps {
    private final CudaDevice device;
    private final DeviceInts ids;
    private final DeviceInts unique;
    private final DeviceInts first;
    private final DeviceInts order;

    CudaEmbedding(CudaDevice device) {
        this.device = device;
        this.ids = new DeviceInts(device);
        this.unique = new DeviceInts(device);
        this.first = new DeviceInts(device);
        this.order = new DeviceInts(device);
    }

    @Override
    public void forward(Tensor table, int[] tokens, double multiplier, Tensor out) {
        ids.set(tokens);
        DeviceTensor to = (DeviceTensor) out;
        device.check(
                Native.embeddingForward(
                        device.handle(),
                        to.kind(),
                        ((DeviceTensor) table).address(),
                        ids.address(),
                        (float) multiplier,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "embedding of %s",
                out);
    }

    @Override
    public void backward(Tensor dOut, int[] tokens, double multiplier, int paddingId, Tensor dTable) {
        RowsById rows = RowsById.of(tokens, dTable.rows(), paddingId);
        unique.set(rows.ids());
        first.set(rows.first());
        order.set(rows.rows());
        DeviceTensor from = (DeviceTensor) dOut;
        device.check(
                Native.embeddingBackward(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        unique.address(),
                        first.address(),
                        order.address(),
                        rows.ids().length,
                        (float) multiplier,
                        ((DeviceTensor) dTable).address(),
                        dTable.columns()),
                "gradient of the embedding of %s",
                dOut);
    }
}
