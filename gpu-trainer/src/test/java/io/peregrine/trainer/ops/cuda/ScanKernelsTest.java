package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice among the scan's kernels, which needs the library and no device. */
@EnabledIf("io.peregrine.trainer.cuda.CudaLibrary#isBuilt")
class ScanKernelsTest {
    /** Shared memory per block that the programming guide gives for compute capabilities 9.0, 8.0 and 8.9. */
    private static final long H100 = 227 << 10;

    private static final long A100 = 163 << 10;
    private static final long L40 = 99 << 10;

    private static ScanKernels of(DType dtype, int dHead, int dState, long blockMemory) {
        return new ScanKernels(dtype, new ScanOps.Dims(24, dHead, 1, dState, 128), blockMemory);
    }

    @ParameterizedTest
    @CsvSource({
        "BF16, 64, 128, 227, true",
        "BF16, 128, 256, 227, true",
        "BF16, 64, 128, 163, true",
        "BF16, 64, 256, 163, false",
        "BF16, 64, 128, 99, false",
        "BF16, 64, 64, 227, true",
        "BF16, 64, 64, 99, false",
        "BF16, 64, 32, 227, false",
        "BF16, 48, 128, 227, false",
        "F32, 64, 128, 227, false",
    })
    void tensorCoresAreForSomeShapesOnCardsWithEnoughSharedMemory(
            DType dtype, int dHead, int dState, long kibibytes, boolean expected) {
        assertThat(of(dtype, dHead, dState, kibibytes << 10).onTensorCores()).isEqualTo(expected);
    }

    /** States before each chunk of 128 tokens in bf16, or before each 32 in float. */
    @Test
    void theMemoryIsThatOfTheChosenKernels() {
        long states = 3L * 24 * 64 * 256;
        assertThat(of(DType.BF16, 64, 256, H100).memoryBytes(3, 1024)).isEqualTo(states * 8 * 2);
        assertThat(of(DType.BF16, 64, 256, A100).memoryBytes(3, 1024)).isEqualTo(states * 32 * 4);
    }

    @Test
    void theSlowerChoiceIsSaidWithItsReason() {
        assertThat(of(DType.BF16, 64, 256, H100).slower()).isEmpty();
        assertThat(of(DType.F32, 64, 256, A100).slower()).isEmpty();
        assertThat(of(DType.BF16, 64, 256, A100).slower())
                .contains(
                        "scan of 64 channels a head and 256 numbers a state: computed by the generic kernels, slower and"
                                + " with eight times the memory for the backward pass, because those on tensor cores take 220 KiB"
                                + " of shared memory per block and this device has 163 KiB");
        assertThat(of(DType.BF16, 64, 128, L40).slower())
                .hasValueSatisfying(why ->
                        assertThat(why).endsWith("take 156 KiB of shared memory per block and this device has 99 KiB"));
        assertThat(of(DType.BF16, 64, 32, L40).slower())
                .contains(
                        "scan of 64 channels a head and 32 numbers a state: computed by the generic kernels, slower than"
                                + " those on tensor cores, which are for multiples of 64 channels and 64, 128 or 256 numbers");
    }

    @Test
    void rowsThatTensorCoresCannotReadAreRefused() {
        ScanKernels kernels = of(DType.BF16, 64, 128, H100);
        assertThatCode(() -> kernels.requireAligned("x", 0x7000_0010L, 1800)).doesNotThrowAnyException();
        assertThatThrownBy(() -> kernels.requireAligned("b", 0x7000_0004L, 1800))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "scan: b begins at address 0x70000004 and has rows 3600 bytes apart: on tensor cores both must"
                                + " be multiples of 16; take columns from a multiple of 8 on, of a tensor whose width is one");
        assertThatThrownBy(() -> kernels.requireAligned("the gradient of c", 0x7000_0010L, 1796))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "scan: the gradient of c begins at address 0x70000010 and has rows 3592 bytes apart: ");
    }

    @Test
    void theGenericKernelsReadAnyRows() {
        assertThatCode(() -> of(DType.BF16, 48, 128, H100).requireAligned("b", 0x7000_0002L, 1797))
                .doesNotThrowAnyException();
        assertThatCode(() -> of(DType.BF16, 64, 128, L40).requireAligned("b", 0x7000_0002L, 1797))
                .doesNotThrowAnyException();
    }
}
