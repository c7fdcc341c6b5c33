package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {
    @ParameterizedTest
    @CsvSource({
        "0, there is no NVIDIA driver",
        "12040, the driver is for CUDA 12.4",
        "13000, no CUDA-capable device is detected",
        "13010, no CUDA-capable device is detected",
    })
    void anOldDriverIsNamedWithItsVersion(int driver, String reason) {
        assertThat(Requirements.driverFault(driver, 13000, "no CUDA-capable device is detected"))
                .isEqualTo("no NVIDIA device can be used (" + reason
                        + "); it needs an NVIDIA GPU of compute capability 8.0"
                        + " or later and a driver for CUDA 13.0 or later; nvidia-smi shows both");
    }

    @Test
    void anOldCardIsNamedWithWhatItHas() {
        assertThat(Requirements.capabilityFault(1, "Tesla V100-SXM2-16GB", 70))
                .contains(
                        "device 1 (Tesla V100-SXM2-16GB) has compute capability 7.0: must be 8.0 (Ampere) or later; take"
                                + " another device with CUDA_VISIBLE_DEVICES, or --backend cpu");
    }

    /** A100, L40S, H100, B200. */
    @ParameterizedTest
    @ValueSource(ints = {80, 89, 90, 100})
    void newerCardsWillDo(int capability) {
        assertThat(Requirements.capabilityFault(0, "a card", capability)).isEmpty();
    }
}
