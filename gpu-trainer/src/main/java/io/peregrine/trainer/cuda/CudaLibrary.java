package io.peregrine.trainer.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The native library: a resource of the jar, built by nvcc when there is one, loaded once per process.
 *
 * <p>It loads on any x86-64 Linux, with or without a driver; what is missing is said when it is asked for.
 */
public final class CudaLibrary {
    /** Where the build puts the library. */
    static final String RESOURCE = "/io/peregrine/trainer/cuda/libperegrine_cuda.so";

    private static final Optional<String> FAULT = load();

    private CudaLibrary() {}

    /** Whether this build has the library. */
    public static boolean isBuilt() {
        return CudaLibrary.class.getResource(RESOURCE) != null;
    }

    /** Whether the library is there and loaded, with or without a device. */
    static boolean isLoaded() {
        return FAULT.isEmpty();
    }

    /** What keeps this process from using a device, or nothing. */
    public static Optional<String> fault() {
        return FAULT.isPresent() ? FAULT : Optional.ofNullable(Native.probe()).map(CudaLibrary::driverFault);
    }

    /** @throws CudaException that says exactly what is missing */
    public static void require() {
        Optional<String> fault = fault();
        if (fault.isPresent()) {
            throw new CudaException("the cuda backend cannot run here: " + fault.get());
        }
    }

    private static String driverFault(String reason) {
        return "no NVIDIA device can be used (%s); it needs an NVIDIA GPU and a driver for CUDA 13.0 or later; nvidia-smi shows both"
                .formatted(reason);
    }

    private static Optional<String> load() {
        try (InputStream library = CudaLibrary.class.getResourceAsStream(RESOURCE)) {
            if (library == null) {
                return Optional.of("this build has no kernels, because there was no nvcc; install the CUDA 13.0 toolkit"
                        + " and build again, or use --backend cpu");
            }
            // a folder of our own, which nobody else can write to; the loaded library outlives its file
            Path folder = Files.createTempDirectory("peregrine-cuda-");
            Path file = folder.resolve("libperegrine_cuda.so");
            try {
                Files.copy(library, file);
                System.load(file.toString());
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("its library cannot be unpacked into %s (%s)"
                    .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()));
        } catch (UnsatisfiedLinkError e) {
            return Optional.of("its library cannot be loaded (%s); it is for x86-64 Linux with glibc 2.34 or later"
                    .formatted(e.getMessage()));
        }
    }
}
