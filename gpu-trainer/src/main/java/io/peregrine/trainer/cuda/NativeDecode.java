package io.peregrine.trainer.cuda;

/**
 * The functions of the native library for decoding and for recorded work: {@code src/main/cuda/jni_decode.cu} defines them,
 * {@code decode.cuh} says what they compute. Otherwise as {@link Native}.
 */
public final class NativeDecode {
    private NativeDecode() {}

    public static native boolean productFits(long data, long stride, int columns);

    /** @param products weight, rows, columns, y, yStride and whether it is exact, of one or two */
    public static native int normed(
            long handle, int batch, long h, long hStride, long gain, float epsilon, long[] products, float[] scales);

    public static native int gated(
            long handle,
            int batch,
            long h,
            long hStride,
            long gain,
            float epsilon,
            long weight,
            int width,
            int hidden,
            float gateScale,
            long out,
            long outStride);

    /** @param terms x, xStride, weight and columns, of one or two */
    public static native int add(
            long handle, int batch, long[] terms, float[] scales, long h, long hStride, int hidden);

    public static native int mixer(
            long handle,
            int kind,
            int batch,
            int nHeads,
            int dHead,
            int nGroups,
            int dState,
            int taps,
            int capacity,
            long convScale,
            long convWeight,
            long convBias,
            float dtScale,
            long dtBias,
            float dtMin,
            float dtMax,
            long aLog,
            long dSkip,
            float zScale,
            long p,
            long pStride,
            long positions,
            long windows,
            long states,
            boolean gate,
            long out,
            long outStride);

    public static native int fillWindow(
            long handle, int kind, long x, long xStride, long rows, int channels, int taps, long scale, long window);

    public static native long attentionPartialBytes(
            int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity);

    public static native long attentionCounters(
            int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity);

    public static native int attention(
            long handle,
            int kind,
            int batch,
            int numHeads,
            int numKeyValueHeads,
            int headDim,
            int capacity,
            long qkv,
            long qkvStride,
            long angles,
            float keyScale,
            long positions,
            long keys,
            long values,
            long partial,
            long counters,
            long out,
            long outStride);

    public static native int next(
            long handle, int batch, long scores, long stride, int vocab, long ids, long positions, int capacity);

    // Recorded work.

    /** From here on operations are recorded, not done. */
    public static native int beginGraph(long handle);

    /** What was recorded, or minus the status. */
    public static native long endGraph(long handle);

    public static native int launchGraph(long handle, long graph);

    public static native int releaseGraph(long graph);
}
