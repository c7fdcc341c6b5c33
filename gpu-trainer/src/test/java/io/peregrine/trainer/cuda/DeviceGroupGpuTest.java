package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class DeviceGroupGpuTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @Test
    void theVersionIsSaid() {
        assertThat(DeviceGroup.version()).asString().matches("2\\.\\d+\\.\\d+");
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void oneRankKeepsItsNumbers(DType dtype) {
        try (CudaDevice device = new CudaDevice(0);
                DeviceGroup group = new DeviceGroup(device, DeviceGroup.newId(), 0, 1, LONG)) {
            DeviceTensor x = device.zeros(dtype, Shape.of(3, 5));
            x.fill(1.5);
            x.set(2, 4, -7);
            float[] before = x.toFloats();
            group.sum(x);
            group.broadcast(x, 0);
            group.await();
            assertThat(x.toFloats()).isEqualTo(before);
            assertThatThrownBy(() -> group.sum((DeviceTensor) x.columns(1, 3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gaps");
        }
    }

    @Test
    void aRankThatNeverComesIsWaitedForInVain() {
        try (CudaDevice device = new CudaDevice(0)) {
            byte[] id = DeviceGroup.newId();
            assertTimeout(
                    LONG,
                    () -> assertThatThrownBy(() -> new DeviceGroup(device, id, 0, 2, SHORT))
                            .isInstanceOf(CudaException.class)
                            .hasMessage(
                                    "joining, as rank 0 of 2 on device 0: the other ranks did not do the same within 2 s; see"
                                            + " which of them has failed, and start all again"));
            // the device is as good as before, and so is NCCL
            try (DeviceGroup alone = new DeviceGroup(device, DeviceGroup.newId(), 0, 1, LONG)) {
                DeviceTensor x = device.zeros(DType.F32, Shape.of(1, 2));
                x.fill(3);
                alone.sum(x);
                alone.await();
                assertThat(x.toFloats()).containsExactly(3, 3);
            }
        }
    }

    @Test
    void twoRanksAddUp() throws Exception {
        byte[] id = twoRanks();
        List<Future<float[]>> results = together(rank -> () -> {
            try (CudaDevice device = new CudaDevice(rank);
                    DeviceGroup group = new DeviceGroup(device, id, rank, 2, LONG)) {
                DeviceTensor x = device.zeros(DType.F32, Shape.of(2, 2));
                x.fill(rank + 1);
                group.sum(x);
                DeviceTensor y = device.zeros(DType.BF16, Shape.of(1, 2));
                y.fill(rank + 5);
                group.broadcast(y, 1);
                group.await();
                return new float[] {x.toFloats()[3], y.toFloats()[1]};
            }
        });
        for (Future<float[]> result : results) {
            assertThat(result.get(1, TimeUnit.MINUTES)).containsExactly(3, 6);
        }
    }

    @Test
    void aSumThatAnotherRankDoesNotAskForIsGivenUp() throws Exception {
        byte[] id = twoRanks();
        CountDownLatch over = new CountDownLatch(1);
        List<Future<float[]>> results = together(rank -> () -> {
            try (CudaDevice device = new CudaDevice(rank)) {
                DeviceGroup group = new DeviceGroup(device, id, rank, 2, rank == 0 ? SHORT : LONG);
                if (rank == 1) {
                    over.await(); // as one that has failed: it neither takes part nor leaves
                    return new float[0];
                }
                DeviceTensor x = device.zeros(DType.F32, Shape.of(2, 2));
                assertThatThrownBy(() -> {
                            group.sum(x);
                            group.await();
                        })
                        .isInstanceOf(CudaException.class)
                        .hasMessageContaining(
                                "as rank 0 of 2 on device 0: the other ranks did not do the same within 2 s");
                assertThatThrownBy(() -> group.sum(x))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("rank 0 of 2 has left the group");
                group.close();
                x.fill(4);
                return x.toFloats();
            }
        });
        try {
            assertThat(results.get(0).get(1, TimeUnit.MINUTES)).containsExactly(4, 4, 4, 4);
        } finally {
            over.countDown();
        }
        assertThat(results.get(1).get(1, TimeUnit.MINUTES)).isEmpty();
    }

    private static byte[] twoRanks() {
        assumeTrue(Native.deviceCount() > 1, "one device");
        return DeviceGroup.newId();
    }

    /** Two ranks, each on a thread that does not keep the process if it hangs. */
    private static List<Future<float[]>> together(IntFunction<Callable<float[]>> work) {
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<float[]>> results = List.of(threads.submit(work.apply(0)), threads.submit(work.apply(1)));
        threads.shutdown();
        return results;
    }
}
