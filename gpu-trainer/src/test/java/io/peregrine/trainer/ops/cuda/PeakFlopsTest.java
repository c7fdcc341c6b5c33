package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeakFlopsTest {
    /** Names as nvidia-smi lists them. */
    @ParameterizedTest
    @CsvSource({
        "NVIDIA A100-SXM4-80GB, 312",
        "NVIDIA A100 80GB PCIe, 312",
        "NVIDIA H100 80GB HBM3, 989",
        "NVIDIA H100 PCIe, 756",
        "NVIDIA H100 NVL, 835",
        "NVIDIA H200, 989",
        "NVIDIA H200 NVL, 835",
        "NVIDIA GH200 480GB, 989",
        "NVIDIA H20, 148",
        "NVIDIA B200, 2250",
        "NVIDIA GB200, 2500",
        "NVIDIA L40S, 362",
        "NVIDIA GeForce RTX 4090, 165.2",
        "NVIDIA GeForce RTX 5090, 209.5",
    })
    void aCardIsKnownByItsName(String card, double teraflops) {
        assertThat(PeakFlops.of(card)).hasValue(teraflops * 1e12);
    }

    /** Others of nearly the same name, and a seventh of an H100. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NVIDIA L40",
                "NVIDIA GeForce RTX 4090 Laptop GPU",
                "NVIDIA GeForce RTX 5090 D",
                "NVIDIA H100 80GB HBM3 MIG 1g.10gb",
                "NVIDIA A10",
            })
    void aCardThatIsNotKnownHasNoPeak(String card) {
        assertThat(PeakFlops.of(card)).isEmpty();
    }
}
