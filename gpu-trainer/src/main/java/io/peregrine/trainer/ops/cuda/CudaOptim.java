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
    /** kAdamPiece of the kernels. */
    private static final int PIECE = 1 << 16;

    private final CudaDevice device;
    private final int entryBytes;
    private final DeviceInts tensorsOnDevice;
    private final DeviceInts pieceTensorOnDevice;
    private final DeviceInts pieceStartOnDevice;

    CudaOptim(CudaDevice device) {
        this.device = device;
        this.entryBytes = Native.adamTensorBytes();
        this.tensorsOnDevice = new DeviceInts(device);
        this.pieceTensorOnDevice = new DeviceInts(device);
        this.pieceStartOnDevice = new DeviceInts(device);
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
                    .putLong(address(update.gradient()))
                    .putLong(address(update.firstMoment()))
                    .putLong(address(update.secondMoment()))
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
        int pieces = upload(
                entries,
                updates.stream()
                        .map(update -> update.value().shape().elements())
                        .toList());
        device.check(
                Native.adamw(
                        device.handle(),
                        tensorsOnDevice.address(),
                        pieceTensorOnDevice.address(),
                        pieceStartOnDevice.address(),
                        pieces),
                "optimizer step of %d tensors",
                updates.size());
    }

    @Override
    public double sumOfSquares(Tensor x) {
        return sumOfSquares(List.of(x));
    }

    @Override
    public void zero(List<Tensor> tensors) {
        int pieces = uploadGradients(tensors);
        device.check(
                Native.zeroGradients(
                        device.handle(),
                        tensorsOnDevice.address(),
                        pieceTensorOnDevice.address(),
                        pieceStartOnDevice.address(),
                        pieces),
                "zeros in %d tensors",
                tensors.size());
    }

    @Override
    public double sumOfSquares(List<Tensor> tensors) {
        int pieces = uploadGradients(tensors);
        double[] sum = new double[1];
        device.check(
                Native.squares(
                        device.handle(),
                        tensorsOnDevice.address(),
                        pieceTensorOnDevice.address(),
                        pieceStartOnDevice.address(),
                        pieces,
                        sum),
                "sum of squares of %d tensors",
                tensors.size());
        return sum[0];
    }

    /** Sends a table of which only the gradients and sizes are filled in. */
    private int uploadGradients(List<Tensor> gradients) {
        ByteBuffer entries = entries(gradients.size());
        for (int i = 0; i < gradients.size(); i++) {
            entries.position(i * entryBytes + Long.BYTES).putLong(address(gradients.get(i)));
            entries.position(i * entryBytes + 5 * Long.BYTES)
                    .putLong(gradients.get(i).shape().elements());
        }
        return upload(
                entries,
                gradients.stream().map(tensor -> tensor.shape().elements()).toList());
    }

    private ByteBuffer entries(int count) {
        return ByteBuffer.allocateDirect(count * entryBytes).order(ByteOrder.nativeOrder());
    }

    /** Sends the table, and the pieces that tensors of these sizes have; returns how many. */
    private int upload(ByteBuffer entries, List<Long> sizes) {
        int pieces = Math.toIntExact(
                sizes.stream().mapToLong(size -> (size + PIECE - 1) / PIECE).sum());
        int[] tensorOfPiece = new int[pieces];
        ByteBuffer starts = ByteBuffer.allocateDirect(pieces * Long.BYTES).order(ByteOrder.nativeOrder());
        int piece = 0;
        for (int i = 0; i < sizes.size(); i++) {
            for (long start = 0; start < sizes.get(i); start += PIECE) {
                tensorOfPiece[piece++] = i;
                starts.putLong(start);
            }
        }
        tensorsOnDevice.set(entries.clear());
        pieceTensorOnDevice.set(tensorOfPiece);
        pieceStartOnDevice.set(starts.clear());
        return pieces;
    }

    private static long address(Tensor tensor) {
        return ((DeviceTensor) tensor.flat()).address();
    }
}
