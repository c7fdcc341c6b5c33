package io.peregrine.trainer.cuda;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.FloatTensor;
import io.peregrine.trainer.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * One device with a stream of its own: operations asked for in order happen in order, and nobody waits for them before a
 * number is read back.
 *
 * <p>Thread: one at a time; {@link #enter} when it changes. Ownership: closing frees all memory of the device's tensors,
 * which are then dead. The memory of a tensor that nobody can reach any more is used again.
 */
public final class CudaDevice implements AutoCloseable {
    /** System property with the path of libcublasLt, where the loader's own search does not find it. */
    public static final String CUBLAS_PROPERTY = "peregrine.cuda.cublaslt";

    private static final double MEBIBYTE = 1 << 20;
    private static final long CLOSED = 0;

    private final int index;
    private long handle;
    private final String name;
    private final String description;
    private final long blockMemory;
    private final Unreachable unreachable = new Unreachable();
    private final Map<Long, Long> allocated = new HashMap<>();
    private final Set<Long> pinned = new HashSet<>();
    private long allocatedBytes;
    private long mostBytes;
    private Optional<CudaProfile> profile = Optional.empty();

    /** What is used by the work that is being recorded. */
    private Optional<Set<DeviceTensor.Storage>> recording = Optional.empty();

    private final Set<Long> graphs = new HashSet<>();

    /**
     * Opens a device.
     *
     * @param index as the driver counts
     * @throws CudaException that says what is missing
     * @throws CudaBusyException if other processes have it, and a later try may succeed
     */
    public CudaDevice(int index) {
        this(index, Long.MAX_VALUE);
    }

    /**
     * Opens a device as if its blocks could have no more shared memory than this, so that the kernels which smaller cards
     * take can be tried on it.
     *
     * @param index as the driver counts
     * @param mostBlockMemory in bytes
     * @throws CudaException that says what is missing
     */
    public CudaDevice(int index, long mostBlockMemory) {
        CudaLibrary.require();
        int count = Native.deviceCount();
        if (index < 0 || index >= count) {
            throw new CudaException("device %d: this machine has devices 0 to %d".formatted(index, count - 1));
        }
        this.index = index;
        this.handle = open(index, mostBlockMemory);
        this.name = Native.name(index);
        this.description = Native.describe(handle);
        this.blockMemory = Native.blockMemory(handle);
    }

    private static long open(int index, long mostBlockMemory) {
        int capability = Native.capability(index);
        if (capability < 0) {
            throw notOpened(index, Native.errorText(-capability), -capability);
        }
        Requirements.capabilityFault(index, Native.name(index), capability).ifPresent(fault -> {
            throw new CudaException(fault);
        });
        try {
            return Native.open(index, cublas(), mostBlockMemory);
        } catch (CudaException e) {
            throw notOpened(index, e.getMessage(), e.status());
        }
    }

    private static String cublas() {
        return System.getProperty(CUBLAS_PROPERTY, "");
    }

    private static CudaException notOpened(int index, String reason, int status) {
        return CudaStatus.exceptionOfOpening("device %d cannot be opened: %s".formatted(index, reason), status);
    }

    /**
     * What keeps this process from using a device, or nothing: all that can be known before it is opened, so that work whose
     * results it is needed for is not begun. Opens cuBLASLt.
     *
     * @param index as the driver counts
     */
    public static Optional<String> fault(int index) {
        return CudaLibrary.fault()
                .or(() -> capabilityFault(index))
                .or(() -> Optional.ofNullable(Native.cublasFault(cublas())));
    }

    private static Optional<String> capabilityFault(int index) {
        int capability = Native.capability(index);
        return capability < 0
                ? Optional.of("device %d cannot be used: %s".formatted(index, Native.errorText(-capability)))
                : Requirements.capabilityFault(index, Native.name(index), capability);
    }

    /**
     * For the functions of {@link Native}.
     *
     * @throws IllegalStateException if the device has been closed: its memory is no longer there
     */
    public long handle() {
        if (handle == CLOSED) {
            throw new IllegalStateException("device %d has been closed, and what is on it is gone".formatted(index));
        }
        return handle;
    }

    /** Number of the device, as the driver counts. */
    public int index() {
        return index;
    }

    /** What the driver calls a card of its kind: NVIDIA H100 80GB HBM3. */
    public String name() {
        return name;
    }

    /** Name, architecture and versions, for people. */
    public String description() {
        return description;
    }

    /** Bytes of shared memory that a block of a kernel may have: what some kernels are chosen by. */
    public long blockMemory() {
        return blockMemory;
    }

    /** Makes the calling thread the device's. */
    public void enter() {
        check(Native.enter(handle()), "use of the device");
    }

    /** How {@link Native} names a kind of numbers. */
    public static int kind(DType dtype) {
        return switch (dtype) {
            case F32 -> 0;
            case BF16 -> 1;
            default -> throw new IllegalArgumentException("dtype %s: device tensors are F32 or BF16".formatted(dtype));
        };
    }

    /**
     * Does nothing for status 0.
     *
     * @param what was asked for, a format of its sizes
     * @throws CudaException if it could not be done
     * @throws CudaFatalException if, besides, the process can no longer use the device
     */
    public void check(int status, String what, Object... sizes) {
        if (status == 0) {
            profile.ifPresent(it -> it.done(() -> what.formatted(sizes)));
            return;
        }
        int cause = cause(status);
        String message = "%s: %s on device %d (%s)"
                .formatted(what.formatted(sizes), Native.errorText(cause), index, description);
        throw CudaStatus.exception(message, cause);
    }

    /**
     * As {@link #check(int, String, Object...)}, for an operation that takes scratch memory before it does anything else.
     * Where there is none it is asked for again, once the memory of tensors that nobody can reach has been given back.
     *
     * @param operation one function of {@link Native}
     */
    public void check(IntSupplier operation, String what, Object... sizes) {
        int status = operation.getAsInt();
        if (isWithoutScratch(status)) {
            collect();
            status = operation.getAsInt();
        }
        if (isWithoutScratch(status)) {
            throw outOfMemory(Native.refusedScratch(handle()), "the scratch memory of the " + what.formatted(sizes));
        }
        check(status, what, sizes);
    }

    private boolean isWithoutScratch(int status) {
        return status == CudaStatus.OUT_OF_MEMORY && Native.refusedScratch(handle()) > 0;
    }

    /** After a fault in an earlier kernel cuBLAS says only that it could not start its own; the device says why. */
    private int cause(int status) {
        int before = CudaStatus.isOfCublas(status) ? Native.synchronize(handle()) : 0;
        return CudaStatus.isFault(before) ? before : status;
    }

    /** A tensor of zeros. */
    public DeviceTensor zeros(DType dtype, Shape shape) {
        return DeviceTensor.zeros(this, dtype, shape, false);
    }

    /** A tensor of float32 zeros that keeps a copy rounded to bf16 for matrix products. */
    public DeviceTensor zerosWithRoundedCopy(Shape shape) {
        return DeviceTensor.zeros(this, DType.F32, shape, true);
    }

    /** Bytes in tensors now. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes that operations took for themselves, which are not in tensors. */
    public long scratchBytes() {
        return Native.scratchBytes(handle());
    }

    /** Bytes of the device that nobody has now. */
    public long freeBytes() {
        long[] freeAndTotal = new long[2];
        check(Native.freeBytes(freeAndTotal), "asking for free memory");
        return freeAndTotal[0];
    }

    /** Most bytes that were in tensors at once. */
    public long mostBytes() {
        return mostBytes;
    }

    /**
     * Memory of zeros that is freed when its owner can no longer be reached.
     *
     * @param what it is for, with its shape
     * @throws CudaException if there is not enough, saying how much there is
     */
    long allocate(Object owner, long bytes, String what) {
        long open = handle();
        unreachable.giveBack();
        long size = Math.max(bytes, 1);
        long address = Native.allocate(size);
        if (address == -CudaStatus.OUT_OF_MEMORY) {
            collect();
            address = Native.allocate(size);
        }
        if (address == -CudaStatus.OUT_OF_MEMORY) {
            throw outOfMemory(bytes, what);
        }
        if (address < 0) {
            check((int) -address, "allocation of %d bytes for %s", bytes, what);
        }
        allocated.put(address, size);
        allocatedBytes += size;
        mostBytes = Math.max(mostBytes, allocatedBytes);
        long freed = address;
        unreachable.watch(owner, () -> release(freed));
        check(Native.zero(open, address, size), "zeros for %s", what);
        return address;
    }

    /**
     * Memory of the host that the device copies to without help. Freed when it can no longer be reached, or with the device.
     *
     * @param shape how many numbers
     * @throws CudaException if there is not enough
     */
    public FloatTensor pinned(Shape shape) {
        handle();
        unreachable.giveBack();
        long bytes = Math.max(1, shape.elements()) * Float.BYTES;
        long address = Native.allocatePinned(bytes);
        if (address < 0) {
            check(
                    (int) -address,
                    "%d bytes of the host's memory to copy to (train.checkpoints.background: false does without)",
                    bytes);
        }
        pinned.add(address);
        ByteBuffer buffer = Native.pinnedBuffer(address, bytes); // views of it keep it
        unreachable.watch(buffer, () -> releasePinned(address));
        return FloatTensor.of(shape, buffer.order(ByteOrder.nativeOrder()).asFloatBuffer());
    }

    private void releasePinned(long address) {
        if (pinned.remove(address)) {
            check(Native.releasePinned(address), "release of the host's memory");
        }
    }

    /** Gives back the tensors that the collector has not looked at yet, which may hold the memory that is missing. */
    private void collect() {
        check(Native.synchronize(handle()), "work before memory is given back");
        unreachable.collect();
    }

    private CudaException outOfMemory(long bytes, String what) {
        long[] freeAndTotal = new long[2];
        Native.freeBytes(freeAndTotal);
        return new CudaException(
                ("out of device memory: %s takes %.0f MiB, %.0f MiB of %.0f MiB are free and %.0f MiB hold tensors of"
                                + " this process; keep fewer activations (train.recompute: block, which a run may begin with at any"
                                + " step), lower the micro-batch (train.micro-batch-sequences, which makes it another run), when"
                                + " generating the texts side by side (--sequences) and their tokens (--max-tokens), or take"
                                + " a smaller model")
                        .formatted(
                                what,
                                bytes / MEBIBYTE,
                                freeAndTotal[0] / MEBIBYTE,
                                freeAndTotal[1] / MEBIBYTE,
                                allocatedBytes / MEBIBYTE),
                CudaStatus.OUT_OF_MEMORY);
    }

    /**
     * Records work.
     *
     * @param owner when it can no longer be reached the recording is given back
     */
    RecordedWork.Graph record(Object owner, Runnable work) {
        unreachable.giveBack();
        Set<DeviceTensor.Storage> used = RecordedWork.Graph.noneUsed();
        check(Native.synchronize(handle()), "work before a recording");
        check(NativeDecode.beginGraph(handle()), "beginning a recording");
        recording = Optional.of(used);
        boolean whole = false;
        long graph;
        try {
            work.run();
            whole = true;
        } finally {
            recording = Optional.empty();
            graph = NativeDecode.endGraph(handle()); // in any case: the stream is of no use before
            if (!whole && graph > 0) {
                NativeDecode.releaseGraph(graph);
            }
        }
        if (graph < 0) {
            check((int) -graph, "the end of a recording");
        }
        graphs.add(graph);
        unreachable.watch(owner, () -> releaseGraph(graph));
        return new RecordedWork.Graph(graph, used);
    }

    /** Does recorded work, with parameters as they are now. */
    void launch(RecordedWork.Graph graph) {
        graph.parameters().forEach(DeviceTensor.Storage::refresh);
        check(NativeDecode.launchGraph(handle(), graph.address()), "recorded work");
    }

    /** Told by tensors whose address is asked for. */
    void used(DeviceTensor.Storage storage) {
        recording.ifPresent(used -> used.add(storage));
    }

    boolean isProfiled() {
        return profile.isPresent();
    }

    private void releaseGraph(long graph) {
        if (graphs.remove(graph)) {
            check(Native.synchronize(handle()), "work before a recording is given back");
            check(NativeDecode.releaseGraph(graph), "giving back a recording");
        }
    }

    private void release(long address) {
        Long bytes = allocated.remove(address);
        if (bytes != null) {
            allocatedBytes -= bytes;
            check(Native.release(address), "release of memory"); // waits for the operations that use it
        }
    }

    /** Measures from here on how long each kind of operation takes, by waiting for each: everything together is slower. */
    public CudaProfile startProfile() {
        CudaProfile fresh = new CudaProfile(this::synchronizeUnprofiled);
        profile = Optional.of(fresh);
        return fresh;
    }

    /** Ends what {@link #startProfile} began. */
    public void stopProfile() {
        profile = Optional.empty();
    }

    private void synchronizeUnprofiled() {
        int status = Native.synchronize(handle());
        if (status != 0) {
            check(status, "the operation before");
        }
    }

    /** Waits until everything asked for has happened. */
    public void synchronize() {
        check(Native.synchronize(handle()), "the operations before");
    }

    /** Copies bytes to the device, behind everything asked for before. */
    public void upload(ByteBuffer direct, long address) {
        check(Native.uploadBytes(handle(), address, direct, direct.limit()), "upload of %d bytes", direct.limit());
    }

    /** Once; closing again does nothing. */
    @Override
    public void close() {
        if (handle == CLOSED) {
            return;
        }
        graphs.forEach(NativeDecode::releaseGraph);
        graphs.clear();
        for (long address : allocated.keySet()) {
            Native.release(address);
        }
        allocated.clear();
        allocatedBytes = 0;
        pinned.forEach(Native::releasePinned);
        pinned.clear();
        long closing = handle;
        handle = CLOSED;
        Native.close(closing);
    }
}
