package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("gpu")
class CudaDeviceGpuTest {
    private static final String CLOSED = "device 0 has been closed, and what is on it is gone";

    /** Through 64 MiB of pinned memory on the way there, and 4 MiB twice on the way back. */
    @ParameterizedTest
    @CsvSource({"1, 20000003", "41, 1000003"})
    void whatIsMoreThanThePinnedMemoryComesAndGoesWhole(int rows, int columns) {
        Tensor host = Tensor.zeros(DType.F32, Shape.of(rows, columns));
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                host.set(row, column, row * 1000 + column % 997);
            }
        }
        try (CudaDevice device = new CudaDevice(0)) {
            DeviceTensor there = device.zeros(DType.F32, Shape.of(rows, columns));
            there.copyFrom(host);
            assertThat(Arrays.equals(there.toFloats(), host.toFloats())).isTrue();
        }
    }

    @Test
    void aClosedDeviceIsRefusedAndNotWrittenTo() {
        CudaDevice device = new CudaDevice(0);
        DeviceTensor x = device.zeros(DType.F32, Shape.of(2, 3));
        device.close();
        device.close();
        assertThat(device.allocatedBytes()).isZero();
        assertThatThrownBy(x::toFloats)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
        assertThatThrownBy(() -> x.fill(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
        assertThatThrownBy(() -> device.zeros(DType.F32, Shape.of(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
        assertThatThrownBy(device::synchronize)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
    }
}
