package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaStatusTest {
    /** What the toolkit's driver_types.h says ends a process, and hardware that has given up. */
    @ParameterizedTest
    @ValueSource(ints = {46, 214, 220, 226, 700, 702, 714, 715, 716, 719, 721, 911, 999})
    void afterTheseADeviceIsLost(int status) {
        assertThat(CudaStatus.isFault(status)).isTrue();
    }

    /** A bad argument, no memory, launches that ask for too much, a broken recording, and what cuBLAS says by itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 209, 701, 713, 720, 901, 100_013, 100_015})
    void afterTheseItIsNot(int status) {
        assertThat(CudaStatus.isFault(status)).isFalse();
        assertThat(CudaStatus.exception("a sum: bad", status))
                .isExactlyInstanceOf(CudaException.class)
                .hasMessage("a sum: bad")
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {CudaStatus.OUT_OF_MEMORY, CudaStatus.DEVICES_UNAVAILABLE})
    void whatOthersHaveMayBeFreeLater(int status) {
        assertThat(CudaStatus.exceptionOfOpening("device 0 cannot be opened: busy", status))
                .isExactlyInstanceOf(CudaBusyException.class)
                .hasMessageStartingWith(
                        "device 0 cannot be opened: busy; other processes have the device or its memory")
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    /** cudaErrorInvalidDevice, and a card whose memory has failed. */
    @Test
    void whatDoesNotPassIsToldFromIt() {
        assertThat(CudaStatus.exceptionOfOpening("x", 101)).isExactlyInstanceOf(CudaException.class);
        assertThat(CudaStatus.exceptionOfOpening("x", 214)).isExactlyInstanceOf(CudaFatalException.class);
    }
}
