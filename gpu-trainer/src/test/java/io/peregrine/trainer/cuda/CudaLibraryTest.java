package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
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

    @Test
    @EnabledIf("thereIsADevice")
    void outOfMemoryNamesTheTensorAndWhatIsFree() {
        try (CudaDevice device = new CudaDevice(0)) {
            assertThatThrownBy(() -> device.zeros(DType.F32, Shape.of(1_000_000, 1_000_000)))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining(
                            "out of device memory: a tensor of shape [1000000, 1000000] and kind F32 takes")
                    .hasMessageContaining("MiB are free");
        }
    }
}
