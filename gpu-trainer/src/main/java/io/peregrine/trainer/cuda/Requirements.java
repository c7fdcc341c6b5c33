package io.peregrine.trainer.cuda;

import java.util.Optional;

/** What a driver and a device must be for the kernels, besides being there. */
final class Requirements {
    /** Ampere, whose asynchronous copies and bf16 products the kernels use: ten times the major number and the minor. */
    private static final int OLDEST_CAPABILITY = 80;

    private Requirements() {}

    /**
     * Why no device can be used.
     *
     * @param driver the CUDA version that the driver is for, as cudaDriverGetVersion counts: 12040 is 12.4; 0 without a driver
     * @param oldest the oldest that will do
     * @param reason what the runtime says, where the driver is not it
     */
    static String driverFault(int driver, int oldest, String reason) {
        String why = driver == 0
                ? "there is no NVIDIA driver"
                : driver < oldest ? "the driver is for CUDA %s".formatted(version(driver)) : reason;
        return ("no NVIDIA device can be used (%s); it needs an NVIDIA GPU of compute capability %s or later and a driver"
                        + " for CUDA %s or later; nvidia-smi shows both")
                .formatted(why, capability(OLDEST_CAPABILITY), version(oldest));
    }

    /**
     * Nothing for a device that is new enough, else its name, what it has and what is needed.
     *
     * @param capability of the device, 90 for 9.0
     */
    static Optional<String> capabilityFault(int index, String name, int capability) {
        return capability >= OLDEST_CAPABILITY
                ? Optional.empty()
                : Optional.of(
                        ("device %d (%s) has compute capability %s: must be %s (Ampere) or later; take another device with"
                                        + " CUDA_VISIBLE_DEVICES, or --backend cpu")
                                .formatted(index, name, capability(capability), capability(OLDEST_CAPABILITY)));
    }

    private static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    private static String capability(int number) {
        return number / 10 + "." + number % 10;
    }
}
