package io.peregrine.trainer.cuda;

/**
 * The functions of the native library for several devices: {@code src/main/cuda/jni_nccl.cu} defines them, {@code nccl.cuh}
 * says what they do. Nothing but {@link #open} may be called before it has returned.
 */
final class NativeNccl {
    /** Bytes of an id. */
    static final int ID = 128;

    private NativeNccl() {}

    /**
     * Opens NCCL once per process.
     *
     * @param path or empty for the loader's own search
     * @return its version as {@link NcclVersion#of} reads it
     * @throws CudaException that says what was tried
     */
    static native int open(String path);

    /** The file that was opened. */
    static native String file();

    static native int makeId(byte[] id);

    /**
     * Uses the calling thread's device.
     *
     * @param group takes the handle of what was joined
     */
    static native int join(byte[] id, int rank, int size, long[] group);

    static native int sum(long handle, long group, int kind, long numbers, long count);

    static native int broadcast(long handle, long group, int kind, long numbers, long count, int root);

    static native int leave(long group);

    static native int abort(long group);

    static native String errorText(int status);
}
