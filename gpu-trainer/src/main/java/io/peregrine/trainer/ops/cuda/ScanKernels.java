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
    private static final int ALIGNMENT_BYTES = 16;
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
                ? "slower than those on tensor cores, which are for multiples of 64 channels and 64, 128 or 256 numbers"
                : ("slower and with eight times the memory for the backward pass, because those on tensor cores take %d"
                                + " KiB of shared memory per block and this device has %d KiB")
                        .formatted((wanted + KIBIBYTE - 1) / KIBIBYTE, blockMemory / KIBIBYTE);
        return Optional.of("scan of %d channels a head and %d numbers a state: computed by the generic kernels, %s"
                .formatted(dims.dHead(), dims.dState(), why));
    }

    /**
     * Refuses rows of activations that the kernels on tensor cores cannot read or write.
     *
     * @param name of the tensor, as {@link ScanOps} calls it
     * @param address of its first number
     * @param stride numbers from one row to the next
     * @throws IllegalArgumentException naming the tensor, its address and stride, and the rule
     */
    void requireAligned(String name, long address, int stride) {
        long strideBytes = (long) stride * dtype.bytes();
        if (onTensorCores() && (address % ALIGNMENT_BYTES != 0 || strideBytes % ALIGNMENT_BYTES != 0)) {
            throw new IllegalArgumentException(
                    ("scan: %s begins at address 0x%x and has rows %d bytes apart: on tensor cores both must be multiples"
                                    + " of %d; take columns from a multiple of %d on, of a tensor whose width is one")
                            .formatted(name, address, strideBytes, ALIGNMENT_BYTES, ALIGNMENT_BYTES / dtype.bytes()));
        }
    }
}
