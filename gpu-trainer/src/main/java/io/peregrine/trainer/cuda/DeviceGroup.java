package io.peregrine.trainer.cuda;

import java.time.Duration;
import java.util.Optional;

/**
 * Devices of several processes or threads that add up and hand out tensors, by NCCL.
 *
 * <p>Rank 0 makes an id, the others are told it by whatever connects them, and all join. What is asked for happens behind what
 * was asked of the device before, and every rank must ask for the same things in the same order. Others may fail: {@link
 * #await} before a number is read, or the reading waits for ever for a rank that is gone. After an error the group is given
 * up, with what it has on the device, and takes nothing more.
 *
 * <p>Thread: that of the device. Ownership: the device is the caller's and must be closed later than the group.
 */
public final class DeviceGroup implements AutoCloseable {
    /** System property with the path of libnccl, where the loader's own search does not find it. */
    public static final String NCCL_PROPERTY = "peregrine.cuda.nccl";

    private static final double MILLIS = 1e3;
    private static final long NONE = 0;

    private final CudaDevice device;
    private final int rank;
    private final int size;
    private final Patience patience;
    private long group;

    /**
     * Joins a group, and waits until all have.
     *
     * @param id made by rank 0
     * @param rank in {@code [0, size)}, another one in each process; each needs a device of its own
     * @param patience how long to wait for the other ranks, here and in every call
     * @throws CudaException if NCCL is missing or the ranks do not come together in time
     */
    public DeviceGroup(CudaDevice device, byte[] id, int rank, int size, Duration patience) {
        if (id.length != NativeNccl.ID) {
            throw new IllegalArgumentException("id of %d bytes: must be %d".formatted(id.length, NativeNccl.ID));
        }
        if (rank < 0 || rank >= size) {
            throw new IllegalArgumentException("rank = %d of %d: must be in [0, size)".formatted(rank, size));
        }
        this.patience = new Patience(patience);
        version();
        this.device = device;
        this.rank = rank;
        this.size = size;
        device.enter();
        long[] joined = new long[1];
        int status = NativeNccl.join(id, rank, size, joined);
        this.group = joined[0];
        settle(status, "joining");
    }

    /**
     * Opens NCCL and tells its version.
     *
     * @throws CudaException if there is none, or one that is too old
     */
    public static NcclVersion version() {
        NcclVersion version = open(System.getProperty(NCCL_PROPERTY, ""));
        version.require(NativeNccl.file());
        return version;
    }

    static NcclVersion open(String path) {
        if (!CudaLibrary.isLoaded()) {
            throw new CudaException("several devices cannot be used here: "
                    + CudaLibrary.fault().orElse("the library was not loaded"));
        }
        return NcclVersion.of(NativeNccl.open(path));
    }

    /** NCCL's version, accepted or not, or nothing where there is none that can be opened. */
    public static Optional<NcclVersion> found() {
        try {
            return Optional.of(open(System.getProperty(NCCL_PROPERTY, "")));
        } catch (CudaException e) {
            return Optional.empty(); // one device does not need it; who does is told why
        }
    }

    /** A new group's name, for rank 0 to make. */
    public static byte[] newId() {
        version();
        byte[] id = new byte[NativeNccl.ID];
        int status = NativeNccl.makeId(id);
        if (status != 0) {
            throw new CudaException("a group's id: " + NativeNccl.errorText(status));
        }
        return id;
    }

    /** Every rank's tensor becomes the sum of all; {@code tensor} has no gaps between its rows. */
    public void sum(DeviceTensor tensor) {
        long numbers = whole(tensor);
        long count = tensor.shape().elements();
        settle(NativeNccl.sum(device.handle(), joined(), tensor.kind(), numbers, count), "sum of " + tensor);
        tensor.written();
    }

    /** Every rank's tensor becomes the root's; {@code tensor} has no gaps between its rows. */
    public void broadcast(DeviceTensor tensor, int root) {
        long numbers = whole(tensor);
        long count = tensor.shape().elements();
        settle(
                NativeNccl.broadcast(device.handle(), joined(), tensor.kind(), numbers, count, root),
                "broadcast of " + tensor);
        tensor.written();
    }

    /**
     * Waits until everything asked for has happened, of this device and of the others.
     *
     * @throws CudaException if the other ranks do not do their part in time
     */
    public void await() {
        long handle = device.handle();
        long waiting = joined();
        check(
                patience.await(() -> NativeNccl.progress(handle, waiting), NativeNccl.IN_PROGRESS),
                "what was asked of the group");
        device.synchronize(); // is done: tells of a fault
    }

    private static long whole(DeviceTensor tensor) {
        if (tensor.hasGaps()) {
            throw new IllegalArgumentException("%s has gaps between its rows".formatted(tensor));
        }
        return tensor.address();
    }

    private long joined() {
        if (group == NONE) {
            throw new IllegalStateException("rank %d of %d has left the group".formatted(rank, size));
        }
        return group;
    }

    /** Waits for a call, which may be in progress whatever it returned. */
    private void settle(int status, String what) {
        boolean begun = status == 0 || status == NativeNccl.IN_PROGRESS;
        check(begun ? patience.await(() -> NativeNccl.state(group), NativeNccl.IN_PROGRESS) : status, what);
    }

    private void check(int status, String what) {
        if (status == 0) {
            return;
        }
        String why = status == NativeNccl.IN_PROGRESS ? waitedInVain() : NativeNccl.errorText(status);
        giveUp();
        throw new CudaException(
                "%s, as rank %d of %d on device %d: %s".formatted(what, rank, size, device.index(), why));
    }

    private String waitedInVain() {
        return Thread.currentThread().isInterrupted()
                ? "interrupted while it waited for the other ranks"
                : "the other ranks did not do the same within %.0f s; see which of them has failed, and start all again"
                        .formatted(patience.most().toMillis() / MILLIS);
    }

    private void giveUp() {
        long given = group;
        group = NONE;
        if (given != NONE) {
            NativeNccl.abort(given); // the error is on its way already
        }
    }

    /** Waits for what was asked for, as {@link #await} does; of a group that was given up there is nothing to close. */
    @Override
    public void close() {
        if (group == NONE) {
            return;
        }
        await();
        settle(NativeNccl.finalize(group), "leaving");
        long left = group;
        group = NONE;
        NativeNccl.destroy(left);
    }
}
