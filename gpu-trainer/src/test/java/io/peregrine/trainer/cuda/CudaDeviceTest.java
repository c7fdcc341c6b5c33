package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaDeviceTest {
    /** What the toolkit's driver_types.h says ends a process, and hardware that has given up. */
    @ParameterizedTest
    @ValueSource(ints = {46, 214, 220, 226, 700, 715, 716, 719, 721, 999})
    void afterTheseADeviceIsLost(int status) {
        assertThat(CudaDevice.isFault(status)).isTrue();
    }

    /** A bad argument, no memory, a broken recording, and what cuBLAS says by itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 209, 901, 100_013, 100_015})
    void afterTheseItIsNot(int status) {
        assertThat(CudaDevice.isFault(status)).isFalse();
    }
}
