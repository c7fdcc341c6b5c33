package io.peregrine.trainer.cuda;

import java.util.Optional;

/**
 * Devices of several processes or threads that add up and hand out tensors, by NCCL.
 *
 * <p>Rank 0 makes an id, the others are told it by whatever connects them, and all join. What is asked for happens behind what
 * was asked of the device before, and every rank must ask for the same things in the same order. Thread: that of the device.
 * Ownership: the device is the caller's and must be closed later than the group.
 */
public final class DeviceGroup implements AutoCloseable {
    /** System property with the path of libnccl, where the loader's own search does not find it. */
    public static final String NCCL_PROPERTY = "peregrine.cuda.nccl";

    private final CudaDevice device;
    private final int rank;
    private final int size;
    private final long group;
    private boolean failed;

    /**
     * Joins a group, and waits until all have.
     *
     * @param id made by rank 0
     * @param rank in {@code [0, size)}, another one in each process; each needs a device of its own
     * @throws CudaException if NCCL is missing or the ranks do not come together
     */
    public DeviceGroup(CudaDevice device, byte[] id, int rank, int size) {
        if (id.length != NativeNccl.ID) {
            throw new IllegalArgumentException("id of %d bytes: must be %d".formatted(id.length, NativeNccl.ID));
        }
        if (rank < 0 || rank >= size) {
            throw new IllegalArgumentException("rank = %d of %d: must be in [0, size)".formatted(rank, size));
        }
        version();
        this.device = device;
        this.rank = rank;
        this.size = size;
        device.enter();
        long[] joined = new long[1];
        check(NativeNccl.join(id, rank, size, joined), "joining");
        this.group = joined[0];
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
        check(
                NativeNccl.sum(
                        device.handle(),
                        group,
                        tensor.kind(),
                        whole(tensor),
                        tensor.shape().elements()),
                "sum of " + tensor);
        tensor.written();
    }

    /** Every rank's tensor becomes the root's; {@code tensor} has no gaps between its rows. */
    public void broadcast(DeviceTensor tensor, int root) {
        check(
                NativeNccl.broadcast(
                        device.handle(),
                        group,
                        tensor.kind(),
                        whole(tensor),
                        tensor.shape().elements(),
                        root),
                "broadcast of " + tensor);
        tensor.written();
    }

    private static long whole(DeviceTensor tensor) {
        if (tensor.hasGaps()) {
            throw new IllegalArgumentException("%s has gaps between its rows".formatted(tensor));
        }
        return tensor.address();
    }

    private void check(int status, String what) {
        if (status != 0) {
            failed = true;
            throw new CudaException("%s, as rank %d of %d on device %d: %s"
                    .formatted(what, rank, size, device.index(), NativeNccl.errorText(status)));
        }
    }

    /** Waits for what was asked for; after an error what is under way is given up. */
    @Override
    public void close() {
        int status = failed ? NativeNccl.abort(group) : NativeNccl.leave(group);
        if (status != 0 && !failed) {
            check(status, "leaving");
        }
    }
}
