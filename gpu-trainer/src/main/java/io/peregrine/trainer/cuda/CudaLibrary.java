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
    /** The oldest glibc that has what the library calls; it is where threads and the loader became part of libc. */
    public static final String OLDEST_GLIBC = "2.34";

    /** Where the build puts the library. */
    static final String RESOURCE = "/io/peregrine/trainer/cuda/libperegrine_cuda.so";

    private static final String FOLDER_PROPERTY = "java.io.tmpdir";
    private static final String OTHER_FOLDER =
            "name another folder: JDK_JAVA_OPTIONS=-D%s=FOLDER".formatted(FOLDER_PROPERTY);

    /** What glibc's loader says of a library on a file system that is mounted noexec. */
    private static final String NO_EXECUTION = "failed to map segment";

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

    /** What keeps this process from using any device, or nothing; {@link CudaDevice#fault} asks for more. */
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
        return Requirements.driverFault(Native.driverVersion(), Native.oldestDriverVersion(), reason);
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
            return Optional.of("its library cannot be unpacked into %s (%s); %s"
                    .formatted(System.getProperty(FOLDER_PROPERTY), e.getMessage(), OTHER_FOLDER));
        } catch (UnsatisfiedLinkError e) {
            return Optional.of(loadFault(e.getMessage()));
        }
    }

    /** @param reason why the loader did not take the library, in its own words */
    static String loadFault(String reason) {
        String rule = reason.contains(NO_EXECUTION)
                ? "files of %s may not be executed (it is mounted noexec); %s"
                        .formatted(System.getProperty(FOLDER_PROPERTY), OTHER_FOLDER)
                : "it is for x86-64 Linux with glibc %s or later and libgcc_s.so.1".formatted(OLDEST_GLIBC);
        return "its library cannot be loaded (%s); %s".formatted(reason, rule);
    }
}
