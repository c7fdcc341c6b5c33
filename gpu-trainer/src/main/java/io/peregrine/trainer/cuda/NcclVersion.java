package io.peregrine.trainer.cuda;

import java.util.Comparator;

/** A version of NCCL, and the oldest that is used. */
public record NcclVersion(int major, int minor, int patch) {
    /**
     * Of 2023, which has all that is called and takes the configuration that nccl.cu gives it; nobody with a driver for CUDA
     * 13.0 needs an older one, and none is tried.
     */
    static final NcclVersion OLDEST = new NcclVersion(2, 18, 0);

    private static final Comparator<NcclVersion> BY_AGE = Comparator.comparingInt(NcclVersion::major)
            .thenComparingInt(NcclVersion::minor)
            .thenComparingInt(NcclVersion::patch);

    /** From 2.9 on a major version has five digits. */
    private static final int FIRST_OF_FIVE_DIGITS = 20_900;

    public NcclVersion {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("version %d.%d.%d: must be >= 0".formatted(major, minor, patch));
        }
    }

    /** @param number as ncclGetVersion counts: 22803 is 2.28.3, and 2804 is 2.8.4 */
    static NcclVersion of(int number) {
        int ofMajor = number < FIRST_OF_FIVE_DIGITS ? 1_000 : 10_000;
        return new NcclVersion(number / ofMajor, number % ofMajor / 100, number % 100);
    }

    /** Whether it is new enough. */
    boolean isAccepted() {
        return BY_AGE.compare(this, OLDEST) >= 0;
    }

    /**
     * Does nothing if it is new enough.
     *
     * @param file where it was found
     * @throws CudaException that says what was found and what to do
     */
    void require(String file) {
        if (!isAccepted()) {
            throw new CudaException(
                    "NCCL is version %s (%s): must be at least %s; install a newer one, or name its file with -D%s=PATH"
                            .formatted(this, file, OLDEST, DeviceGroup.NCCL_PROPERTY));
        }
    }

    /** For a line that says what a measurement ran on. */
    public String description() {
        return "NCCL " + this + (isAccepted() ? "" : " (too old)");
    }

    /** As 2.28.3. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
