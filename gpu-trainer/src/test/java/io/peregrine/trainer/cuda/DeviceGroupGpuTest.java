package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class DeviceGroupGpuTest {
    @Test
    void theVersionIsSaid() {
        assertThat(DeviceGroup.version()).asString().matches("2\\.\\d+\\.\\d+");
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void oneRankKeepsItsNumbers(DType dtype) {
        try (CudaDevice device = new CudaDevice(0);
                DeviceGroup group = new DeviceGroup(device, DeviceGroup.newId(), 0, 1)) {
            DeviceTensor x = device.zeros(dtype, Shape.of(3, 5));
            x.fill(1.5);
            x.set(2, 4, -7);
            float[] before = x.toFloats();
            group.sum(x);
            group.broadcast(x, 0);
            assertThat(x.toFloats()).isEqualTo(before);
            assertThatThrownBy(() -> group.sum((DeviceTensor) x.columns(1, 3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gaps");
        }
    }

    @Test
    void twoRanksAddUp() throws Exception {
        assumeTrue(Native.deviceCount() > 1, "one device");
        byte[] id = DeviceGroup.newId();
        int ranks = 2;
        // a rank that waits inside NCCL for another cannot be interrupted, and shall not keep the process
        ExecutorService threads = Executors.newFixedThreadPool(ranks, work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<float[]>> results = new ArrayList<>();
            for (int rank = 0; rank < ranks; rank++) {
                int own = rank;
                Callable<float[]> work = () -> {
                    try (CudaDevice device = new CudaDevice(own)) {
                        device.enter();
                        try (DeviceGroup group = new DeviceGroup(device, id, own, ranks)) {
                            DeviceTensor x = device.zeros(DType.F32, Shape.of(2, 2));
                            x.fill(own + 1);
                            group.sum(x);
                            DeviceTensor y = device.zeros(DType.BF16, Shape.of(1, 2));
                            y.fill(own + 5);
                            group.broadcast(y, 1);
                            return new float[] {x.toFloats()[3], y.toFloats()[1]};
                        }
                    }
                };
                results.add(threads.submit(work));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get(1, TimeUnit.MINUTES)).containsExactly(3, 6);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
