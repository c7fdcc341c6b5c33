package io.peregrine.trainer.cuda;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * The functions of the native library, one to one: {@code src/main/cuda/jni.cu} defines them, and the headers beside it say
 * what they compute.
 *
 * <p>Addresses are in the device's memory, 0 for none; a matrix is an address and a stride in elements. {@code kind} is
 * {@link CudaDevice#kind}. An {@code int} result is a status for {@link CudaDevice#check}. Nothing waits for the device unless its
 * comment says so.
 */
public final class Native {
    private Native() {}

    /** Why no device can be used, or null. */
    public static native String probe();

    /** The CUDA version that the driver is for: 13000 is 13.0; 0 without a driver. */
    public static native int driverVersion();

    /** The same of the oldest driver that will do. */
    public static native int oldestDriverVersion();

    public static native int deviceCount();

    /** Ten times the major number of a device's compute capability and the minor, or minus the status. */
    public static native int capability(int device);

    public static native String name(int device);

    /** Why cuBLASLt cannot be used, whatever the device, or null; {@code cublas}: its file, or empty to look for it. */
    public static native String cublasFault(String cublas);

    /** {@code mostBlockMemory} bounds {@link #blockMemory}. */
    public static native long open(int device, String cublas, long mostBlockMemory);

    public static native void close(long handle);

    public static native String describe(long handle);

    public static native String errorText(int status);

    /** Bytes of shared memory that a block of a kernel may have. */
    public static native long blockMemory(long handle);

    /** Makes the calling thread use the context's device. */
    public static native int enter(long handle);

    // Memory.

    public static native int freeBytes(long[] freeAndTotal);

    /** The address, or minus the status. */
    public static native long allocate(long bytes);

    public static native int release(long address);

    /** Memory of the host that stays where it is: the address, or minus the status. */
    public static native long allocatePinned(long bytes);

    public static native ByteBuffer pinnedBuffer(long address, long bytes);

    public static native int releasePinned(long address);

    /** Bytes of scratch memory that the device has now: what the operation that wanted most of it wanted. */
    public static native long scratchBytes(long handle);

    /** Bytes of scratch memory that the last operation which takes some could not have, 0 if it had them. */
    public static native long refusedScratch(long handle);

    public static native int zero(long handle, long address, long bytes);

    public static native int uploadFloats(long handle, long target, float[] source, int offset, int count);

    public static native int uploadInts(long handle, long target, int[] source, int count);

    public static native int uploadBytes(long handle, long target, ByteBuffer source, long bytes);

    /** Waits. */
    public static native int downloadFloats(long handle, long source, float[] target, int offset, int count);

    /**
     * Waits.
     *
     * @param target direct
     * @param at byte of it
     */
    public static native int downloadBytes(long handle, long source, Buffer target, long at, long bytes);

    /** Waits. */
    public static native int downloadDoubles(long handle, long source, double[] target, int count);

    /** Waits. */
    public static native int downloadInts(long handle, long source, int[] target, int count);

    /** Waits for everything asked for so far. */
    public static native int synchronize(long handle);

    public static native int fill(long handle, int kind, long x, long stride, long rows, int columns, float value);

    public static native int copy(
            long handle,
            int fromKind,
            long from,
            long fromStride,
            int toKind,
            long to,
            long toStride,
            long rows,
            int columns);

    public static native int add(
            long handle, int kind, long from, long fromStride, long to, long toStride, long rows, int columns);

    // Products.

    public static native int matmul(
            long handle,
            int kindA,
            long a,
            long rowsA,
            long columnsA,
            long strideA,
            boolean transposeA,
            int kindB,
            long b,
            long rowsB,
            long columnsB,
            long strideB,
            boolean transposeB,
            float alpha,
            float beta,
            int kindD,
            long c,
            long strideC,
            long d,
            long rowsD,
            long columnsD,
            long strideD);

    public static native int addBias(
            long handle, int kind, long bias, float scale, long y, long stride, long rows, int columns);

    public static native int biasBackward(
            long handle, int kind, long dy, long stride, float scale, long dBias, long rows, int columns);

    // Norms and gates.

    public static native int rms(
            long handle,
            int kind,
            long x,
            long xStride,
            long gain,
            float epsilon,
            long y,
            long yStride,
            long rows,
            int columns);

    public static native int rmsBackward(
            long handle,
            int kind,
            long x,
            long xStride,
            long gain,
            float epsilon,
            long dy,
            long dyStride,
            long dx,
            long dxStride,
            long dGain,
            long rows,
            int columns);

    public static native int gatedRms(
            long handle,
            int kind,
            long y,
            long yStride,
            long z,
            long zStride,
            float zScale,
            long gain,
            int groups,
            float epsilon,
            long out,
            long outStride,
            long rows,
            int columns);

    public static native int gatedRmsBackward(
            long handle,
            int kind,
            long y,
            long yStride,
            long z,
            long zStride,
            float zScale,
            long gain,
            int groups,
            float epsilon,
            long dOut,
            long dOutStride,
            long dy,
            long dyStride,
            long dz,
            long dzStride,
            long dGain,
            long rows,
            int columns);

    public static native int gate(
            long handle,
            int kind,
            long value,
            long valueStride,
            long gate,
            long gateStride,
            float gateScale,
            long out,
            long outStride,
            long rows,
            int columns);

    public static native int gateBackward(
            long handle,
            int kind,
            long value,
            long valueStride,
            long gate,
            long gateStride,
            float gateScale,
            long dOut,
            long dOutStride,
            long dValue,
            long dValueStride,
            long dGate,
            long dGateStride,
            long rows,
            int columns);

    // Convolution, positions, step sizes.

    public static native int convForward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int channels,
            int taps,
            long x,
            long xStride,
            long scale,
            long weight,
            long bias,
            long documentStart,
            long out,
            long outStride);

    public static native int convBackward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int channels,
            int taps,
            long x,
            long xStride,
            long scale,
            long weight,
            long bias,
            long documentStart,
            long dOut,
            long dOutStride,
            long dx,
            long dxStride,
            long dWeight,
            long dBias);

    public static native int rotate(
            long handle,
            int kind,
            long x,
            long stride,
            long rows,
            int heads,
            int headDim,
            long table,
            int firstScaled,
            float scale,
            int seqLen,
            boolean inverse);

    public static native int stepSizes(
            long handle,
            int kind,
            long raw,
            long rawStride,
            float scale,
            long bias,
            float low,
            float high,
            long dt,
            long dtStride,
            long rows,
            int heads);

    public static native int stepSizesBackward(
            long handle,
            int kind,
            long raw,
            long rawStride,
            float scale,
            long bias,
            float low,
            float high,
            long dDt,
            long dDtStride,
            long dRaw,
            long dRawStride,
            long dBias,
            long rows,
            int heads);

    // Mixers.

    /** Whether attention of aligned bf16 rows is computed on wgmma; on mma.sync or by the generic kernels if not. */
    public static native boolean attentionOnWgmma(long handle, int headDim);

    public static native int attentionForward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int numHeads,
            int numKeyValueHeads,
            int headDim,
            long q,
            long qStride,
            long k,
            long kStride,
            long v,
            long vStride,
            long documentStart,
            long out,
            long outStride,
            long logSumExp);

    public static native int attentionBackward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int numHeads,
            int numKeyValueHeads,
            int headDim,
            long q,
            long qStride,
            long k,
            long kStride,
            long v,
            long vStride,
            long documentStart,
            long documentEnd,
            long out,
            long outStride,
            long logSumExp,
            long dOut,
            long dOutStride,
            long dq,
            long dqStride,
            long dk,
            long dkStride,
            long dv,
            long dvStride);

    public static native long scanBlockMemory(int kind, int nHeads, int dHead, int nGroups, int dState);

    public static native boolean scanOnTensorCores(
            int kind, int nHeads, int dHead, int nGroups, int dState, long blockMemory);

    public static native long scanMemoryBytes(
            int kind, int batch, int seqLen, int nHeads, int dHead, int nGroups, int dState, long blockMemory);

    public static native int scanForward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int nHeads,
            int dHead,
            int nGroups,
            int dState,
            long x,
            long xStride,
            long b,
            long bStride,
            long c,
            long cStride,
            long dt,
            long dtStride,
            long aLog,
            long dSkip,
            long documentStart,
            long biasedStart,
            long y,
            long yStride,
            long memory,
            long finalState);

    public static native int scanBackward(
            long handle,
            int kind,
            int batch,
            int seqLen,
            int nHeads,
            int dHead,
            int nGroups,
            int dState,
            long x,
            long xStride,
            long b,
            long bStride,
            long c,
            long cStride,
            long dt,
            long dtStride,
            long aLog,
            long dSkip,
            long documentStart,
            long biasedStart,
            long memory,
            long dy,
            long dyStride,
            long dx,
            long dxStride,
            long db,
            long dbStride,
            long dc,
            long dcStride,
            long dDt,
            long dDtStride,
            long dALog,
            long dDSkip);

    /**
     * The most scratch memory that an operation of a training step takes, but those of the optimizer. Needs no device.
     *
     * @param sizes batch, seqLen; nHeads, dHead, nGroups, dState of the scan; numHeads, numKeyValueHeads, headDim of
     *     attention; channels and taps of the convolution; columns of the widest norm and of the widest bias
     */
    public static native long stepScratchBytes(int kind, long blockMemory, int[] sizes);

    // Tokens, loss, optimizer.

    public static native int embeddingForward(
            long handle,
            int kind,
            long table,
            long ids,
            float multiplier,
            long out,
            long outStride,
            long rows,
            int columns);

    public static native int embeddingBackward(
            long handle,
            int kind,
            long dOut,
            long dOutStride,
            long uniqueIds,
            long first,
            long order,
            int unique,
            float multiplier,
            long dTable,
            int columns);

    /** Waits, and leaves the sum of the losses in `sum`. */
    public static native int crossEntropy(
            long handle,
            int kind,
            long logits,
            long stride,
            long targets,
            long rows,
            int vocab,
            boolean withGradient,
            float gradScale,
            float zLoss,
            double[] sum);

    public static native int adamTensorBytes();

    public static native int adamw(long handle, long tensors, long pieceTensor, long pieceStart, int pieces);

    public static native int zeroGradients(long handle, long tensors, long pieceTensor, long pieceStart, int pieces);

    /** Waits, and leaves the sum of the squares of all gradients in `sum`. */
    public static native int squares(
            long handle, long tensors, long pieceTensor, long pieceStart, int pieces, double[] sum);
}
