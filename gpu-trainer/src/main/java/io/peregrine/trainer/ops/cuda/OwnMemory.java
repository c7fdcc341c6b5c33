package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.StepShape;
import io.peregrine.trainer.tensor.DType;

/**
 * What the operations of a training step keep on the device besides tensors of the model: one scratch memory, as large as
 * the operation that wants most of it, and small tables. cuBLAS has its workspace since the device was opened.
 *
 * @param dtype of activations
 * @param blockMemory bytes of shared memory that a block may have on the device
 */
record OwnMemory(DType dtype, long blockMemory, StepShape step) {
    /** Ids, targets, three lists of the rows of each id; starts and ends of the documents of the last few batches. */
    private static final int INTEGERS_PER_ROW = 5 + 2 * DeviceSegments.KEPT;

    long bytes() {
        return scratchBytes() + tableBytes();
    }

    /** What the operations themselves ask for: {@code jni.cu}. */
    long scratchBytes() {
        return Math.max(
                Native.stepScratchBytes(CudaDevice.kind(dtype), blockMemory, new int[] {
                    step.batch(),
                    step.seqLen(),
                    step.scan().nHeads(),
                    step.scan().dHead(),
                    step.scan().nGroups(),
                    step.scan().dState(),
                    step.attention().numHeads(),
                    step.attention().numKeyValueHeads(),
                    step.attention().headDim(),
                    step.convChannels(),
                    step.convTaps(),
                    step.widestNorm(),
                    step.widestBias()
                }),
                (pieces() + 1) * Double.BYTES);
    }

    private long tableBytes() {
        long integers = step.rows() * INTEGERS_PER_ROW * Integer.BYTES;
        long angles = 2L * step.seqLen() * step.attention().headDim() * Float.BYTES;
        long cuts = step.tensors() * (long) Native.adamTensorBytes() + pieces() * (Integer.BYTES + Long.BYTES);
        return integers + angles + cuts * (CudaOptim.TABLES_MAX + 1);
    }

    /** Of all parameters, as {@link TensorTable} cuts them: no tensor has more than one that is not whole. */
    private long pieces() {
        return step.numbers() / TensorTable.PIECE + step.tensors();
    }
}
