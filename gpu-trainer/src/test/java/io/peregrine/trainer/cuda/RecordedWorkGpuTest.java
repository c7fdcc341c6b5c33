package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gpu")
class RecordedWorkGpuTest {
    /** Work that throws while it is recorded, so often that what was recorded of it would be seen if it stayed. */
    @Test
    void workThatThrowsLeavesNothingBehind() {
        try (CudaDevice device = new CudaDevice(0)) {
            DeviceTensor x = device.zeros(DType.F32, Shape.of(4, 8));
            Runnable broken = () -> {
                for (int i = 0; i < 1_000; i++) {
                    x.fill(2);
                }
                throw new IllegalStateException("broken");
            };
            assertThatThrownBy(() -> device.record(this, broken)).hasMessage("broken");
            long free = device.freeBytes();
            for (int i = 0; i < 200; i++) {
                assertThatThrownBy(() -> device.record(this, broken)).hasMessage("broken");
            }
            assertThat(device.freeBytes()).isGreaterThan(free - (4L << 20));
            x.fill(3);
            assertThat(x.get(3, 7)).isEqualTo(3);
        }
    }
}
