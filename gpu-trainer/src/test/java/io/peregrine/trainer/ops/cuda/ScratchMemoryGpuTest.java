package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.lang.ref.Reference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Operations that need memory of their own on a device that has none left. */
@Tag("gpu")
class ScratchMemoryGpuTest {
    private static final int COLUMNS = 1 << 20;

    /** Less than the sums of so many columns take, which is 0.5 GiB or more. */
    private static final long LEFT = 256L << 20;

    /** All that the device has but {@link #LEFT}. */
    private static Tensor mostOf(CudaDevice device) {
        long rows = (device.freeBytes() - LEFT) / (COLUMNS * (long) Float.BYTES);
        return device.zeros(DType.F32, Shape.of(rows, COLUMNS));
    }

    @Test
    void itsLackIsNamedAndTheDeviceGoesOn() {
        try (CudaOps ops = new CudaOps(new CudaDevice(0), DType.BF16)) {
            Tensor dy = ops.allocate(Shape.of(2, COLUMNS));
            Tensor dBias = ops.allocateExact(Shape.of(COLUMNS));
            dy.fill(1);
            Tensor most = mostOf(ops.device());
            assertThatThrownBy(() -> ops.matmul().backwardBias(dy, 1, dBias))
                    .isInstanceOf(CudaException.class)
                    .hasMessageStartingWith("out of device memory: the scratch memory of the gradient of the bias of"
                            + " BF16[2, 1048576] takes ")
                    .hasMessageContaining("MiB are free")
                    .hasMessageContaining("train.recompute");
            Reference.reachabilityFence(most);
            ops.add(dy, dy); // the error is not told again
            assertThat(dy.get(1, 7)).isEqualTo(2);
        }
    }

    @Test
    void whatNobodyReachesIsGivenBackForIt() {
        try (CudaOps ops = new CudaOps(new CudaDevice(0), DType.BF16)) {
            Tensor dy = ops.allocate(Shape.of(2, COLUMNS));
            Tensor dBias = ops.allocateExact(Shape.of(COLUMNS));
            dy.fill(1);
            mostOf(ops.device());
            ops.matmul().backwardBias(dy, 1, dBias);
            assertThat(dBias.get(0, COLUMNS - 1)).isEqualTo(2);
        }
    }
}
