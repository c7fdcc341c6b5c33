package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The optimizer over all tensors with one launch, which a table of tensors and their pieces steers: {@code optim.cuh}. */
final class CudaOptim implements OptimOps {
    private final CudaDevice device;
    private final int entryBytes;
    private final TensorTable updated;
    private final TensorTable gradients;

    CudaOptim(CudaDevice device) {
        this.device = device;
        this.entryBytes = Native.adamTensorBytes();
        this.updated = new TensorTable(device);
        this.gradients = new TensorTable(device);
    }

    @Override
    public void adamw(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings) {
        adamw(List.of(new Update(value, gradient, firstMoment, secondMoment, settings)));
    }

    @Override
    public void adamw(List<Update> updates) {
        ByteBuffer entries = entries(updates.size());
        for (Update update : updates) {
            DeviceTensor value = (DeviceTensor) update.value().flat();
            AdamW settings = update.settings();
            entries.putLong(value.address())
                    .putLong(TensorTable.address(update.gradient()))
                    .putLong(TensorTable.address(update.firstMoment()))
                    .putLong(TensorTable.address(update.secondMoment()))
                    .putLong(value.roundedAddress())
                    .putLong(value.columns())
                    .putFloat((float) (1 - settings.learningRate() * settings.weightDecay()))
                    .putFloat((float) (settings.learningRate() / settings.correction1()))
                    .putFloat((float) settings.beta1())
                    .putFloat((float) settings.beta2())
                    .putFloat((float) (1 - settings.beta1()))
                    .putFloat((float) (1 - settings.beta2()))
                    .putFloat((float) (1 / Math.sqrt(settings.correction2())))
                    .putFloat((float) settings.epsilon())
                    .putFloat((float) settings.gradientScale())
                    .putFloat(0);
        }
        updated.cut(updates.stream().map(Update::value).toList());
        updated.setEntries(entries);
        device.check(
                Native.adamw(
                        device.handle(),
                        updated.entries(),
                        updated.pieceTensor(),
                        updated.pieceStart(),
                        updated.pieces()),
                "optimizer step of %d tensors",
                updates.size());
    }

    @Override
    public double sumOfSquares(Tensor x) {
        return sumOfSquares(List.of(x));
    }

    @Override
    public void zero(List<Tensor> tensors) {
        setGradients(tensors);
        device.check(
                Native.zeroGradients(
                        device.handle(),
                        gradients.entries(),
                        gradients.pieceTensor(),
                        gradients.pieceStart(),
                        gradients.pieces()),
                "zeros in %d tensors",
                tensors.size());
    }

    @Override
    public double sumOfSquares(List<Tensor> tensors) {
        setGradients(tensors);
        double[] sum = new double[1];
        device.check(
                Native.squares(
                        device.handle(),
                        gradients.entries(),
                        gradients.pieceTensor(),
                        gradients.pieceStart(),
                        gradients.pieces(),
                        sum),
                "sum of squares of %d tensors",
                tensors.size());
        return sum[0];
    }

    /** Makes a table of which only gradients and sizes are filled in. */
    private void setGradients(List<Tensor> tensors) {
        if (!gradients.cut(tensors)) {
            return;
        }
        ByteBuffer entries = entries(tensors.size());
        for (int i = 0; i < tensors.size(); i++) {
            entries.position(i * entryBytes + Long.BYTES).putLong(TensorTable.address(tensors.get(i)));
            entries.position(i * entryBytes + 5 * Long.BYTES)
                    .putLong(tensors.get(i).shape().elements());
        }
        gradients.setEntries(entries);
    }

    private ByteBuffer entries(int count) {
        return ByteBuffer.allocateDirect(count * entryBytes).order(ByteOrder.nativeOrder());
    }
}
