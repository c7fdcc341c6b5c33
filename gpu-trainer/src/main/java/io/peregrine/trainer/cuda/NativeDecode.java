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

    /**
     * @param mixer batch, nHeads, dHead, nGroups, dState, taps, capacity; convScale, convWeight, convBias or 0, dtBias, aLog,
     *     dSkip; p, pStride, positions, windows, states, whether it gates, out, outStride
     * @param mixerScales dtScale, dtMin, dtMax, zScale
     */
    public static native int mixer(long handle, int kind, long[] mixer, float[] mixerScales);

    public static native int fillWindow(
            long handle, int kind, long x, long xStride, long rows, int channels, int taps, long scale, long window);

    public static native long attentionPartialBytes(
            int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity);

    public static native long attentionCounters(
            int batch, int numHeads, int numKeyValueHeads, int headDim, int capacity);

    /**
     * @param attention batch, numHeads, numKeyValueHeads, headDim, capacity; qkv, qkvStride, angles, positions, keys, values,
     *     partial, counters, out, outStride
     */
    public static native int attention(long handle, int kind, long[] attention, float keyScale);

    /** {@link #mixer} and {@link #attention}. */
    public static native int mix(
            long handle, int kind, long[] mixer, float[] mixerScales, long[] attention, float keyScale);

    // Steps of one sequence in one kernel, or of several with one for the layers. shape: hidden, width, nHeads, dHead,
    // nGroups, dState, taps, numHeads, numKeyValueHeads, headDim, capacity, layers, sequences.

    /** Tokens of a sequence that {@link #flow} can have, the one that is read included. */
    public static native int flowTokens();

    public static native boolean flowFits(long handle, int[] shape);

    public static native long flowBytes(long handle, int[] shape);

    /** @param memory of {@link #flowBytes} */
    public static native int flowPrepare(long handle, int[] shape, long memory);

    /**
     * @param addresses of each layer: inputGain, inProj, qkvProj; convScale, convWeight, convBias or 0, dtBias, aLog, dSkip;
     *     windows, states, keys, values; outProj, oProj, feedForwardGain, gateUp, down
     * @param numbers of each layer: dtScale, dtMin, dtMax, zScale; inScale, qkvScale, keyScale, outScale, oScale, gateScale,
     *     downScale
     * @param ends table; id, position, the ids chosen; gain of the last norm, head, its rows, how many of them are tokens; scores
     * @param memory prepared
     */
    public static native int flow(
            long handle,
            int[] shape,
            float epsilon,
            long[] addresses,
            float[] numbers,
            long[] ends,
            float embeddingScale,
            float headScale,
            int tokens,
            long angles,
            long memory);

    public static native int next(
            long handle,
            int batch,
            long scores,
            long stride,
            int vocab,
            long ids,
            long chosen,
            long positions,
            int capacity);

    // Recorded work.

    /** From here on operations are recorded, not done. */
    public static native int beginGraph(long handle);

    /** What was recorded, or minus the status. */
    public static native long endGraph(long handle);

    public static native int launchGraph(long handle, long graph);

    public static native int releaseGraph(long graph);
}
