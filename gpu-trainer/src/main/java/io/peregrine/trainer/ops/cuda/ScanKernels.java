package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Optional;

/**
 * Which of the kernels compute a scan, as {@code scan.cu} chooses: those on tensor cores, for some shapes and where blocks
 * may have enough shared memory, or the generic ones, for any shape on any card.
 *
 * @param dtype of activations
 * @param blockMemory bytes of shared memory that a block may have on the device
 */
record ScanKernels(DType dtype, ScanOps.Dims dims, long blockMemory) {
    private static final long KIBIBYTE = 1 << 10;

    boolean onTensorCores() {
        return Native.scanOnTensorCores(
                CudaDevice.kind(dtype), dims.nHeads(), dims.dHead(), dims.nGroups(), dims.dState(), blockMemory);
    }

    /** Bytes that forward leaves for backward. */
    long memoryBytes(int batch, int seqLen) {
        return Native.scanMemoryBytes(
                CudaDevice.kind(dtype),
                batch,
                seqLen,
                dims.nHeads(),
                dims.dHead(),
                dims.nGroups(),
                dims.dState(),
                blockMemory);
    }

    /** That bf16 is computed by the generic kernels, and why; nothing where it is not, and of float, which always is. */
    Optional<String> slower() {
        if (dtype != DType.BF16 || onTensorCores()) {
            return Optional.empty();
        }
        long wanted = Native.scanBlockMemory(
                CudaDevice.kind(dtype), dims.nHeads(), dims.dHead(), dims.nGroups(), dims.dState());
        String why = wanted == 0
                ? "slower than those on tensor cores, which are for multiples of 64 channels and 128 or 256 numbers"
                : ("slower and with eight times the memory for the backward pass, because those on tensor cores take %d"
                                + " KiB of shared memory per block and this device has %d KiB")
                        .formatted((wanted + KIBIBYTE - 1) / KIBIBYTE, blockMemory / KIBIBYTE);
        return Optional.of("scan of %d channels a head and %d numbers a state: computed by the generic kernels, %s"
                .formatted(dims.dHead(), dims.dState(), why));
    }
}
