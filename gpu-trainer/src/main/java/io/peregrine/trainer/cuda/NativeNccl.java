package io.peregrine.trainer.cuda;

/**
 * The functions of the native library for several devices: {@code src/main/cuda/jni_nccl.cu} defines them, {@code nccl.cuh}
 * says what they do. Nothing but {@link #open} may be called before it has returned.
 */
final class NativeNccl {
    /** What a call returns that waits for other ranks: the group's {@link #state} tells when it is over. */
    static final int IN_PROGRESS = 7;

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
     * In progress until all ranks have called it. Uses the calling thread's device.
     *
     * @param group takes the handle of what is joined
     */
    static native int join(byte[] id, int rank, int size, long[] group);

    /** 0, {@link #IN_PROGRESS}, or what went wrong in the background. */
    static native int state(long group);

    /** The same, in progress until the device has done everything asked for, too. */
    static native int progress(long handle, long group);

    static native int sum(long handle, long group, int kind, long numbers, long count);

    static native int broadcast(long handle, long group, int kind, long numbers, long count, int root);

    /** In progress until the group's work is done. */
    static native int finalize(long group);

    /** Of a group that is finalized. */
    static native int destroy(long group);

    /** Gives up the group, and what it has on the device. */
    static native int abort(long group);

    static native String errorText(int status);
}
