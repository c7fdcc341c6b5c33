package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class CudaDeviceGpuTest {
    private static final String CLOSED = "device 0 has been closed, and what is on it is gone";

    @Test
    void aClosedDeviceIsRefusedAndNotWrittenTo() {
        CudaDevice device = new CudaDevice(0);
        DeviceTensor x = device.zeros(DType.F32, Shape.of(2, 3));
        device.close();
        device.close();
        assertThat(device.allocatedBytes()).isZero();
        assertThatThrownBy(x::toFloats).isInstanceOf(IllegalStateException.class).hasMessage(CLOSED);
        assertThatThrownBy(() -> x.fill(1)).isInstanceOf(IllegalStateException.class).hasMessage(CLOSED);
        assertThatThrownBy(() -> device.zeros(DType.F32, Shape.of(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
        assertThatThrownBy(device::synchronize)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(CLOSED);
    }
}
