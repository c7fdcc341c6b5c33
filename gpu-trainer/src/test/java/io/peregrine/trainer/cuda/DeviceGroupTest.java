package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a machine without NCCL sees of it. */
class DeviceGroupTest {
    static boolean isBuilt() {
        return CudaLibrary.isBuilt();
    }

    static boolean thereIsNoNccl() {
        return CudaLibrary.isBuilt() && DeviceGroup.found().isEmpty();
    }

    @Test
    @EnabledIf("thereIsNoNccl")
    void whatIsMissingIsSaidWithItsCure() {
        assertThatThrownBy(() -> DeviceGroup.open("/nowhere/libnccl.so.2"))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("NCCL (libnccl.so.2) cannot be opened; install it, or name its file with"
                        + " -Dperegrine.cuda.nccl=PATH:")
                .hasMessageContaining("/nowhere/libnccl.so.2: cannot open shared object file");
        assertThatThrownBy(DeviceGroup::newId)
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("\n  libnccl.so.2: ")
                .hasMessageContaining("\n  /usr/local/cuda/lib64/libnccl.so.2: ");
    }

    @Test
    @EnabledIf("thereIsNoNccl")
    void whatIsNoNcclIsSaid() {
        assertThatThrownBy(() -> DeviceGroup.open("libz.so.1"))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("has no function ncclGetVersion; install another one, or name its file with"
                        + " -Dperegrine.cuda.nccl=PATH");
    }
}
