package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Tensors that one launch works on, cut into pieces of one size, a piece for each thread block: {@code optim.cuh}.
 *
 * <p>The cut is sent to the device only when the tensors are other ones than last time. A training step uses the same ones
 * as the step before, and every copy from memory that is not pinned makes the host wait for the device.
 */
final class TensorTable {
    /** kAdamPiece of the kernels. */
    static final int PIECE = 1 << 16;

    private final DeviceInts entries;
    private final DeviceInts pieceTensor;
    private final DeviceInts pieceStart;
    private List<Tensor> tensors = List.of();
    private int pieces;

    TensorTable(CudaDevice device) {
        this.entries = new DeviceInts(device);
        this.pieceTensor = new DeviceInts(device);
        this.pieceStart = new DeviceInts(device);
    }

    /** Cuts these tensors, unless they are the same as last time. */
    void cut(List<Tensor> others) {
        if (!tensors.isEmpty() && tensors.equals(others)) {
            return;
        }
        tensors = List.copyOf(others);
        pieces = Math.toIntExact(tensors.stream().mapToLong(TensorTable::pieces).sum());
        int[] tensorOfPiece = new int[pieces];
        ByteBuffer starts = ByteBuffer.allocateDirect(pieces * Long.BYTES).order(ByteOrder.nativeOrder());
        int piece = 0;
        for (int i = 0; i < tensors.size(); i++) {
            for (long start = 0; start < elements(tensors.get(i)); start += PIECE) {
                tensorOfPiece[piece++] = i;
                starts.putLong(start);
            }
        }
        pieceTensor.set(tensorOfPiece);
        pieceStart.set(starts.clear());
    }

    private static long pieces(Tensor tensor) {
        return (elements(tensor) + PIECE - 1) / PIECE;
    }

    private static long elements(Tensor tensor) {
        return tensor.shape().elements();
    }

    /** Sends what the kernel is to know of each tensor, {@code AdamTensor} of {@code optim.cuh}. */
    void setEntries(ByteBuffer direct) {
        entries.set(direct.clear());
    }

    /** Addresses on the device, and the number of pieces. */
    long entries() {
        return entries.address();
    }

    long pieceTensor() {
        return pieceTensor.address();
    }

    long pieceStart() {
        return pieceStart.address();
    }

    int pieces() {
        return pieces;
    }

    /** Address of a tensor without gaps. */
    static long address(Tensor tensor) {
        if (tensor.dtype() != DType.F32) {
            throw new IllegalArgumentException(
                    "%s: an optimizer's tensors must be F32; Parameters.forInference are not to be measured"
                            .formatted(tensor));
        }
        if (tensor.hasGaps()) {
            throw new IllegalArgumentException("%s has gaps between its rows".formatted(tensor));
        }
        return ((DeviceTensor) tensor).address();
    }
}
