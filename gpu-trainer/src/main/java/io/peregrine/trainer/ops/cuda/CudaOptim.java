package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The optimizer over all tensors with one launch, which a table of tensors and their pieces steers: {@code optim.cuh}. */
final class CudaOptim implements OptimOps {
    /** The lists that a step sums up: all parameters, all gradients, and both by kind. */
    static final int TABLES_MAX = 64;

    private final CudaDevice device;
    private final int entryBytes;
    private final TensorTable updated;
    /** By the tensors they are of: a step sums up the same few lists again and again. */
    private final Map<List<Tensor>, TensorTable> tables = new LinkedHashMap<>();

    CudaOptim(CudaDevice device) {
        this.device = device;
        this.entryBytes = Native.adamTensorBytes();
        this.updated = new TensorTable(device);
    }

    @Override
    public void adamw(Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, AdamW settings) {
        adamw(List.of(new Update(value, gradient, firstMoment, secondMoment, settings)));
    }

    @Override
    public void adamw(List<Update> updates) {
        ByteBuffer entries = entries(updates.size());
        for (Update update : updates) {
            DeviceTensor value = (DeviceTensor) update.value();
            AdamW settings = update.settings();
            entries.putLong(TensorTable.address(value))
                    .putLong(TensorTable.address(update.gradient()))
                    .putLong(TensorTable.address(update.firstMoment()))
                    .putLong(TensorTable.address(update.secondMoment()))
                    .putLong(value.roundedAddress())
                    .putLong(value.shape().elements())
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
        TensorTable table = table(tensors);
        device.check(
                Native.zeroGradients(
                        device.handle(), table.entries(), table.pieceTensor(), table.pieceStart(), table.pieces()),
                "zeros in %d tensors",
                tensors.size());
    }

    @Override
    public double sumOfSquares(List<Tensor> tensors) {
        TensorTable table = table(tensors);
        double[] sum = new double[1];
        device.check(
                () -> Native.squares(
                        device.handle(), table.entries(), table.pieceTensor(), table.pieceStart(), table.pieces(), sum),
                "sum of squares of %d tensors",
                tensors.size());
        return sum[0];
    }

    /** A table of which only the tensors, as gradients, and their sizes are filled in. */
    private TensorTable table(List<Tensor> tensors) {
        TensorTable known = tables.get(tensors);
        if (known != null) {
            return known;
        }
        if (tables.size() == TABLES_MAX) {
            tables.remove(tables.keySet().iterator().next());
        }
        TensorTable table = new TensorTable(device);
        table.cut(tensors);
        ByteBuffer entries = entries(tensors.size());
        for (int i = 0; i < tensors.size(); i++) {
            entries.position(i * entryBytes + Long.BYTES).putLong(TensorTable.address(tensors.get(i)));
            entries.position(i * entryBytes + 5 * Long.BYTES)
                    .putLong(tensors.get(i).shape().elements());
        }
        table.setEntries(entries);
        tables.put(List.copyOf(tensors), table);
        return table;
    }

    private ByteBuffer entries(int count) {
        return ByteBuffer.allocateDirect(count * entryBytes).order(ByteOrder.nativeOrder());
    }
}
