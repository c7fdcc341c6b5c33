package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of a device's tensors in pinned memory of the host. */
@Tag("gpu")
class PinnedMemoryGpuTest {
    private static final int ROWS = 37;
    private static final int COLUMNS = 24;

    private static DeviceTensor counting(CudaDevice device, DType dtype) {
        DeviceTensor tensor = device.zeros(dtype, Shape.of(ROWS, COLUMNS));
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                tensor.set(row, column, row - 0.25 * column); // exact in bf16 too
            }
        }
        return tensor;
    }

    private static void assertCounts(Tensor copy, int firstRow, int firstColumn) {
        for (int row = 0; row < copy.rows(); row++) {
            for (int column = 0; column < copy.columns(); column++) {
                assertThat(copy.get(row, column)).isEqualTo(firstRow + row - 0.25 * (firstColumn + column));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void wholeTensorsAndViewsAreCopied(DType dtype) {
        try (CudaDevice device = new CudaDevice(0)) {
            DeviceTensor tensor = counting(device, dtype);
            Tensor whole = device.pinned(tensor.shape());
            tensor.copyTo(whole);
            assertCounts(whole, 0, 0);
            assertCounts(tensor.onHost(), 0, 0);

            Tensor rows = device.pinned(Shape.of(4, COLUMNS));
            tensor.rows(30, 34).copyTo(rows);
            assertCounts(rows, 30, 0);
            Tensor columns = device.pinned(Shape.of(ROWS, 3));
            tensor.columns(5, 8).copyTo(columns);
            assertCounts(columns, 0, 5);

            whole.fill(0);
            tensor.rows(30, 34).copyTo(whole.rows(1, 5));
            assertCounts(whole.rows(1, 5), 30, 0);
            assertThat(whole.get(0, 1)).isZero();
            assertThat(whole.get(5, 1)).isZero();
            assertThatThrownBy(() -> tensor.copyTo(rows)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A copy is of what was asked for before it, and stays as it is. */
    @Test
    void aCopyIsOfItsTime() {
        try (CudaDevice device = new CudaDevice(0)) {
            DeviceTensor tensor = device.zeros(DType.F32, Shape.of(1 << 10, 1 << 14));
            Tensor copy = device.pinned(tensor.shape());
            tensor.fill(3);
            tensor.copyTo(copy);
            tensor.fill(4);
            device.synchronize();
            assertThat(copy.get(0, 0)).isEqualTo(3);
            assertThat(copy.get((1 << 10) - 1, (1 << 14) - 1)).isEqualTo(3);
        }
    }

    @Test
    void memoryIsThereAsLongAsAViewIsReachable() {
        try (CudaDevice device = new CudaDevice(0)) {
            Tensor row = device.pinned(Shape.of(1 << 12, 1 << 12)).rows(7, 8);
            row.fill(5);
            System.gc();
            for (int i = 0; i < 20; i++) {
                device.pinned(Shape.of(1 << 12, 1 << 12)).fill(6); // gives back what the collector has found
            }
            assertThat(row.get(0, 0)).isEqualTo(5);
        }
    }
}
