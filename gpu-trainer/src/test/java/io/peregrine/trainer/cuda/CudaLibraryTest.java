package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a machine without a device sees of the cuda backend. */
class CudaLibraryTest {
    static boolean isBuilt() {
        return CudaLibrary.isBuilt();
    }

    static boolean thereIsADevice() {
        return CudaLibrary.fault().isEmpty();
    }

    @Test
    @EnabledIf("isBuilt")
    void theLibraryLoadsWithoutADevice() {
        assertThat(Native.adamTensorBytes()).isEqualTo(88);
        assertThat(Native.errorText(2)).startsWith("cudaErrorMemoryAllocation: ");
        assertThat(Native.errorText(100_015)).isEqualTo("cuBLAS status 15");
    }

    /** A newer version than the one that is promised comes in by a function of libstdc++ or libgcc that nobody asked for. */
    @Test
    @EnabledIf("isBuilt")
    void theLibraryNeedsNoNewerGlibcThanIsPromised() throws IOException {
        byte[] library;
        try (InputStream in = CudaLibrary.class.getResourceAsStream(CudaLibrary.RESOURCE)) {
            library = in.readAllBytes();
        }
        List<Integer> needed = Pattern.compile("\0GLIBC_2\\.(\\d+)")
                .matcher(new String(library, StandardCharsets.ISO_8859_1))
                .results()
                .map(version -> Integer.valueOf(version.group(1)))
                .toList();
        assertThat(needed).isNotEmpty();
        assertThat("2." + Collections.max(needed)).isEqualTo(CudaLibrary.OLDEST_GLIBC);
    }

    @Test
    void aFolderWithoutExecutionIsToldFromAnOldGlibc() {
        String folder = System.getProperty("java.io.tmpdir");
        assertThat(CudaLibrary.loadFault("/tmp/x.so: /tmp/x.so: failed to map segment from shared object"))
                .isEqualTo(
                        "its library cannot be loaded (/tmp/x.so: /tmp/x.so: failed to map segment from shared object);"
                                + " files of " + folder
                                + " may not be executed (it is mounted noexec); name another folder:"
                                + " JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
        assertThat(CudaLibrary.loadFault("/lib64/libc.so.6: version `GLIBC_2.34' not found (required by /tmp/x.so)"))
                .endsWith("not found (required by /tmp/x.so)); it is for x86-64 Linux with glibc 2.34 or later and"
                        + " libgcc_s.so.1");
    }

    /** Machine code for Hopper and portable code for every card since Ampere, of every source that has kernels. */
    @Test
    @EnabledIf("isBuilt")
    @DisabledIfEnvironmentVariable(named = "PEREGRINE_CUDA_TARGETS", matches = ".+", disabledReason = "other targets")
    void theLibraryHasBothKindsOfCode() throws IOException {
        List<Set<String>> sources = FatBinaries.of(CudaLibrary.class.getResource(CudaLibrary.RESOURCE));
        Set<String> both = Set.of("ELF 90", "PTX 80");
        assertThat(sources).filteredOn(both::equals).hasSizeGreaterThan(20);
        assertThat(sources).allMatch(both::equals);
    }

    @Test
    @DisabledIf("thereIsADevice")
    void theBackendSaysWhatIsMissing() {
        String missing = CudaLibrary.isBuilt() ? "no NVIDIA device can be used (" : "this build has no kernels";
        assertThat(Backend.CUDA.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains(missing));
        assertThatThrownBy(() -> Backend.CUDA.open(DType.BF16, 1))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("the cuda backend cannot run here: ")
                .hasMessageContaining(missing);
    }

    /** Before a device is opened, and before hours of work for it: what is no cuBLASLt, or is none at all. */
    @Test
    @EnabledIf("isBuilt")
    void cublasIsAskedForWithoutADevice() {
        assertThat(Native.cublasFault("/nowhere/libcublasLt.so.13"))
                .startsWith(
                        "cuBLASLt (libcublasLt.so.13 or libcublasLt.so.12) cannot be opened; install it, or name its file"
                                + " with -D" + CudaDevice.CUBLAS_PROPERTY + "=PATH:")
                .contains("/nowhere/libcublasLt.so.13");
        assertThat(Native.cublasFault("libm.so.6"))
                .matches(
                        "cuBLASLt \\(/.*libm\\.so\\.6\\) has no function cublasLtCreate; install another one, or name its file"
                                + " with -Dperegrine\\.cuda\\.cublaslt=PATH");
    }

    @Test
    @EnabledIf("thereIsADevice")
    void aDeviceWithoutCublasIsRefusedBeforeItIsOpened() {
        assertThat(Backend.CUDA.fault()).isEmpty();
        System.setProperty(CudaDevice.CUBLAS_PROPERTY, "/nowhere/libcublasLt.so.13");
        try {
            assertThat(Backend.CUDA.fault())
                    .hasValueSatisfying(fault -> assertThat(fault).startsWith("cuBLASLt ("));
        } finally {
            System.clearProperty(CudaDevice.CUBLAS_PROPERTY);
        }
    }

    /** Past the questions that come first: the status must come with what the native library throws. */
    @Test
    @EnabledIf("isBuilt")
    @DisabledIf("thereIsADevice")
    void anErrorOfOpeningCarriesItsStatus() {
        assertThatThrownBy(() -> Native.open(0, "", Long.MAX_VALUE))
                .isInstanceOfSatisfying(CudaException.class, e -> {
                    assertThat(e.status()).isPositive();
                    assertThat(Native.errorText(e.status()))
                            .endsWith(e.getMessage().replaceFirst(".*: ", ": "));
                })
                .hasMessageStartingWith("cannot use the device: ");
    }

    @Test
    @EnabledIf("thereIsADevice")
    void outOfMemoryNamesTheTensorAndWhatIsFree() {
        try (CudaDevice device = new CudaDevice(0)) {
            assertThatThrownBy(() -> device.zeros(DType.F32, Shape.of(1_000_000, 1_000_000)))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining(
                            "out of device memory: a tensor of shape [1000000, 1000000] and kind F32 takes")
                    .hasMessageContaining("MiB are free")
                    .hasMessageContaining("--sequences");
        }
    }
}
