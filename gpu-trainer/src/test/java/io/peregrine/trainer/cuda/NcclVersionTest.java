package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NcclVersionTest {
    /** NCCL_VERSION of nccl.h, on both sides of the digit that 2.9 brought. */
    @ParameterizedTest
    @CsvSource({
        "2408, 2.4.8",
        "2804, 2.8.4",
        "20908, 2.9.8",
        "21003, 2.10.3",
        "21803, 2.18.3",
        "22803, 2.28.3",
        "30001, 3.0.1"
    })
    void numbersAreReadAsNcclCounts(int number, String version) {
        assertThat(NcclVersion.of(number)).hasToString(version);
    }

    @ParameterizedTest
    @ValueSource(ints = {21800, 21803, 22803, 30001})
    void theseAreAccepted(int number) {
        assertThatCode(() -> NcclVersion.of(number).require("libnccl.so.2")).doesNotThrowAnyException();
        assertThat(NcclVersion.of(number).description()).isEqualTo("NCCL " + NcclVersion.of(number));
    }

    @Test
    void oneThatIsTooOldIsNamedWithItsFileAndTheCure() {
        NcclVersion old = NcclVersion.of(21705);
        assertThatThrownBy(() -> old.require("/opt/nccl/libnccl.so.2"))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "NCCL is version 2.17.5 (/opt/nccl/libnccl.so.2): must be at least 2.18.0; install a newer one,"
                                + " or name its file with -Dperegrine.cuda.nccl=PATH");
        assertThat(old.description()).isEqualTo("NCCL 2.17.5 (too old)");
        assertThat(NcclVersion.of(2804).isAccepted()).isFalse();
    }
}
